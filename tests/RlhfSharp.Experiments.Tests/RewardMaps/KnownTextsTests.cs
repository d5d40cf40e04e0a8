using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class KnownTextsTests
{
    // 4 odes, 3 sonnets, 2 hymns, one of no form. The seven on the map have 1, 2, 3, 4, 5, 6 and 7 letters: their median is 4.
    private static readonly (string?, string?, string)[] Rows =
    [
        ("ode", "Ann", "a"), ("sonnet", "Ann", "bb"), ("hymn", "Bob", "a long one for a hymn"), ("ode", "Bob", "ccc"), ("ode", null, "dddd"), ("sonnet", "Bob", "eeeee"),
        (null, "Cyd", "of no form at all"), ("ode", "Cyd", "ffffff"), ("sonnet", null, "ggggggg"), ("hymn", "Ann", "another long one"),
    ];

    [Fact]
    public void Settle_LabelsAndQuantiles_AreThoseOfTheTexts()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = KnownTexts.Recipe(folder, Rows);
        var settled = recipe.Generator.Settle(recipe);

        Assert.Equal(["ode", "sonnet"], ((LabelAxisOptions)settled.Axes[0]).Labels);
        Assert.Equal([4], ((LengthAxisOptions)settled.Axes[1]).Ticks);
        Assert.Equal((3, 3), (settled.StartSteps, settled.TotalSteps));   // 10 texts in batches of 4
        // What is kept with a run is a recipe that gives the same map by itself.
        var yaml = RecipeWriter.ToYaml(settled);
        var again = RecipeReader.Parse<MapRecipe>(yaml, "again.yaml", []);
        Assert.Equal(yaml, RecipeWriter.ToYaml(again.Generator.Settle(again)));
    }

    [Fact]
    public void Run_KnownTexts_EveryOneIsScoredOnceAndThoseWithoutAPlaceAreCounted()
    {
        using var folder = TestFiles.NewFolder();
        var scored = new List<string>();
        var summary = KnownTexts.Run(KnownTexts.Recipe(folder, Rows), folder.File("run"), text =>
        {
            scored.Add(text);
            return text.Length;
        }, text => -text.Length);

        Assert.Equal(Rows.Select(row => row.Item3).Order(), scored.Order());
        Assert.Equal((10, 3, 3), (summary.Metrics["evaluations"], summary.Metrics["rejected"], summary.Metrics["rejected/no-label"]));
        Assert.Equal((1 + 3 + 4 + 6) / 4.0, summary.Metrics["marginal/form/ode"], 1e-12);
        Assert.Equal((4 + 5 + 6 + 7) / 4.0, summary.Metrics["marginal/length/4 or more"], 1e-12);
        Assert.False(summary.IsCoverageTrivial);
        Assert.All(summary.State.Events, one => Assert.Equal((KnownText.Operator, 0), (one.Solution.Operator, one.Solution.Parents.Count)));
    }

    // By author: Ann 0, 1, 9; Bob 2, 3, 5; Cyd 6, 7. Texts 4 and 8 have none.
    [Fact]
    public void Run_GroupColumn_MakesTextsOfAnAuthorOneLine()
    {
        using var folder = TestFiles.NewFolder();
        var state = KnownTexts.Run(KnownTexts.Recipe(folder, Rows), folder.File("run"), text => text.Length, text => 0).State;
        Assert.Equal([0, 0, 2, 2, 4, 2, 6, 6, 8, 0], Enumerable.Range(0, 10).Select(id => state.LineOf(id)));

        var folded = MapRun.Fold(Settled(folder), File.ReadLines(Path.Combine(folder.File("run"), MapRun.EventsName)));
        Assert.Equal(Enumerable.Range(0, 10).Select(id => state.LineOf(id)), Enumerable.Range(0, 10).Select(id => folded.LineOf(id)));
    }

    // 60 odes by 60 authors, 60 sonnets of which one author wrote 48: these are 60² / (48² + 12) = 1.6 findings, and no comparison.
    [Fact]
    public void Effects_LabelThatIsMostlyOneAuthors_IsNotComparedAndNamed()
    {
        using var folder = TestFiles.NewFolder();
        IEnumerable<(string?, string?, string)> Texts(int most) => Enumerable.Range(0, 120).Select(i => (
            (string?)(i < 60 ? "ode" : "sonnet"), (string?)(i - 60 is >= 0 and var sonnet && sonnet < most ? "Shakespeare" : $"author {i}"), $"{i} {new string('x', i % 7)}"));
        MapSummary Summary(int most, string run)
        {
            var recipe = KnownTexts.Recipe(folder, Texts(most));
            return KnownTexts.Run(recipe, folder.File(run), text => Stub.Score(text) + (int.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) < 60 ? 9 : 0), text => 0);
        }
        var (many, one) = (Summary(1, "many"), Summary(48, "one"));

        Assert.Equal("form: sonnet is lowest, ode is highest", MapEffects.Of([many], isLengthEqual: false).Conclusions().First());
        Assert.StartsWith("form: cannot be compared", MapEffects.Of([one], isLengthEqual: false).Conclusions().First(), StringComparison.Ordinal);
        Assert.Equal((true, false), (many.Intervals.ContainsKey("marginal/form/sonnet"), one.Intervals.ContainsKey("marginal/form/sonnet")));
    }

    [Fact]
    public void Run_CutAnywhereAndResumed_EndsWithTheSameBytes()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = KnownTexts.Recipe(folder, Rows);
        KnownTexts.Run(recipe, folder.File("whole"), Stub.Score, text => 0);
        var bytes = File.ReadAllBytes(Path.Combine(folder.File("whole"), MapRun.EventsName));
        for (var length = 0; length <= bytes.Length; length += 97)
        {
            var events = Path.Combine(Directory.CreateDirectory(folder.File($"cut-{length}")).FullName, MapRun.EventsName);
            File.WriteAllBytes(events, bytes[..length]);
            KnownTexts.Run(recipe, Path.GetDirectoryName(events)!, Stub.Score, text => 0);
            Assert.Equal(bytes, File.ReadAllBytes(events));
        }
    }

    [Fact]
    public void Resume_FilesChanged_SaysSo()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = KnownTexts.Recipe(folder, Rows);
        var settled = Settled(folder);
        KnownTexts.Run(recipe, folder.File("run"), Stub.Score, text => 0);

        KnownTexts.Recipe(folder, [.. Rows.Take(1), ("ode", "Bob", "changed"), .. Rows.Skip(2)]);
        Assert.Contains("events.jsonl:2: this recipe asks for something else", Assert.Throws<InputException>(() => KnownTexts.Run(settled, folder.File("run"), Stub.Score, text => 0)).Message, StringComparison.Ordinal);

        KnownTexts.Recipe(folder, Rows.Take(6));
        Assert.Contains("The files hold 6 texts now", Assert.Throws<InputException>(() => settled.Generator.Texts(settled)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AxisThatNoFileKnows_IsFilledByItsJudge()
    {
        using var folder = TestFiles.NewFolder();
        var rows = Enumerable.Range(0, 12).Select(i => ((string?)(i % 2 == 0 ? "ode" : "sonnet"), (string?)null, $"{(i % 3 == 0 ? "sun" : "night")} {i} {new string('x', i)}"));
        var recipe = KnownTexts.Recipe(
            folder, rows, "axes[1]={ kind: labels, name: tone, labels: [happy, dark], judge: { kind: lexicon, entries: [{ label: happy, words: [sun] }, { label: dark, words: [night] }] } }");
        var summary = KnownTexts.Run(recipe, folder.File("run"), text => text.Length, text => 0);
        Assert.Equal(0, summary.Metrics["rejected"]);
        Assert.Equal([2, 4, 2, 4], summary.State.Ledger.Cells.Select(cell => cell.Count));
        Assert.DoesNotContain("agreement/tone", summary.Metrics.Keys);   // nothing was asked for on that axis
    }

    [Fact]
    public void Read_Book_IsSplitAndJudgedAndTakesGivenColumnsAndNames()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("book.txt"), """
            *** START OF THIS PROJECT GUTENBERG EBOOK X ***

            THE MILL.

            The mill goes round, the mill goes round,
            It makes a low and pleasant sound,
            The water falls, the water flows,
            And where it comes from no one knows.



            THE SEA.

            The sea is grey today,
            And nobody walks on the shore.

            *** END OF THIS PROJECT GUTENBERG EBOOK X ***
            """);
        MapRecipe Recipe(string more) => KnownTexts.Read(folder, $"generator.files=[{{ path: '{folder.File("book.txt")}'{more} }}]");
        IReadOnlyList<KnownText> Read(string more) => KnownTextReader.Read((TextsGeneratorOptions)Recipe(more).Generator, Recipe(more).Axes);

        Assert.Equal([("couplets", (string?)null), (null, null)], Read(string.Empty).Select(text => (text.Labels[0], text.Group)));
        Assert.Equal([("couplet", (string?)"Ann"), (null, "Ann")], Read(", columns: { author: Ann }, rename: { couplets: couplet }").Select(text => (text.Labels[0], text.Group)));
        Assert.Equal([("hymn", (string?)null), ("hymn", null)], Read(", columns: { form: hymn }").Select(text => (text.Labels[0], text.Group)));
        Assert.StartsWith("The mill goes round", Read(string.Empty)[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"form":"ode"}""", "texts.jsonl:1: 'text' is missing or null, expected a string.")]
    [InlineData("""{"form":3,"text":"x"}""", "texts.jsonl:1: 'form' is empty or no text")]
    [InlineData("""{"form":"ode","author":[],"text":"x"}""", "texts.jsonl:1: 'author' is empty or no text")]
    [InlineData("""{"form":"ode","text":"x"}""", "The axis 'form' needs two labels with at least 3 texts, and the files have 0. They have: ode 1.")]
    [InlineData("""{"text":"x"}""", "They have: no column 'form'.")]
    public void Settle_BadRows_SaysWhatIsWrong(string row, string expected)
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("texts.jsonl"), row + "\n");
        var recipe = KnownTexts.Read(folder);
        Assert.Contains(expected, Assert.Throws<InputException>(() => recipe.Generator.Settle(recipe)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operators=[{ kind: rewrite, template: '{parent}' }]", "none is rewritten; leave the operators out")]
    [InlineData("seeds=[1, 2]", "every seed would give the same map")]
    [InlineData("axes[0].labels=[a, b]", "the axis 'form' has labels, and fewestTexts")]
    [InlineData("axes[1].ticks=[3]", "the axis 'length' has ticks, and quantiles")]
    [InlineData("axes[1].quantiles=1", "the axis 'length' has one quantile")]
    [InlineData("axes[0].fewestTexts=0", "the axis 'form' has no labels")]
    [InlineData("generator={ kind: model, path: none }", "the axis 'form' has fewestTexts, which chooses among labels of texts that are known beforehand")]
    public void Read_RecipeThatMakesNoSense_SaysWhatIsWrong(string set, string expected)
    {
        using var folder = TestFiles.NewFolder();
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => KnownTexts.Read(folder, set)).Message, StringComparison.Ordinal);
    }

    // The forms of the recipe as it ships, of the data as it lies beside the project.
    [Fact]
    public void Settle_ShippedRecipe_HasTheFormsWithThirtyPoems()
    {
        TestFiles.SharedData("poems", "poems-filtered.jsonl");
        var path = Path.Combine(TestFiles.RepositoryRoot, "recipes", "reward-map-poems.yaml");
        var shared = Path.GetFullPath(Path.Combine(TestFiles.RepositoryRoot, "..", "shared"));
        var recipe = RecipeReader.Parse<MapRecipe>(File.ReadAllText(path).Replace("../shared", shared, StringComparison.Ordinal), path, []);
        var settled = recipe.Generator.Settle(recipe);
        var texts = settled.Generator.Texts(settled)!;
        var counts = texts.Select(text => text.Labels[0]).OfType<string>().CountBy(form => form).ToDictionary();

        Assert.Equal(1125 + 1981, texts.Count);
        Assert.Equal((486 + 154 + 44, 36 + 389), (counts["sonnet"], counts["free verse"]));
        Assert.True(counts["hymn"] >= 368 && counts["couplet"] >= 293 && counts["ballad"] == 53 + 7 + 11 && counts["common measure"] >= 38 && counts["limerick"] >= 6 + 226);
        var forms = ((LabelAxisOptions)settled.Axes[0]).Labels;
        Assert.Equal(counts.Where(form => form.Value >= 30).OrderByDescending(form => form.Value).Select(form => form.Key).Order(), forms.Order());
        Assert.Equal(["ballad", "blank verse", "common measure", "couplet", "dramatic monologue", "elegy", "free verse", "hymn", "limerick", "ode", "sonnet"], forms.Order(StringComparer.Ordinal));
        Assert.Equal(4, ((LengthAxisOptions)settled.Axes[1]).Ticks.Count);
        Assert.Equal(texts.Count, texts.Count(text => text.Group is not null));
    }

    private static MapRecipe Settled(TemporaryFolder folder)
    {
        var recipe = KnownTexts.Read(folder);
        return recipe.Generator.Settle(recipe);
    }
}
