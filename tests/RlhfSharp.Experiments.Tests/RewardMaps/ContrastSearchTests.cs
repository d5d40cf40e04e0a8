using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Maps that search for texts about which two rewards disagree.</summary>
public sealed class ContrastSearchTests
{
    private const string Rewards = "rewards=[{ kind: contrast, name: apart, first: a, second: b, calibrationSteps: 3 }, { kind: reward-model, name: a, path: none }, { kind: reward-model, name: b, path: none }]";

    // The second route: shares of the frozen texts, counted.
    [Fact]
    public void Run_AnySearch_MaximisesTheDifferenceOfRanksAmongTheFrozenTexts()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe(Rewards);
        var state = Stub.Run(recipe, folder, Parts(recipe));

        var frozen = state.Events.Take(12).ToList();   // three steps of four
        Assert.All(frozen, one => Assert.True(one.Outcome is { Reason: RejectReason.Calibration, Cell: null }));
        Assert.All(frozen, one => Assert.True(double.IsNaN(one.Solution.Rewards[0]) && double.IsFinite(one.Solution.Rewards[1])));
        double Rank(int reward, double value) => frozen.Average(one => one.Solution.Rewards[reward] < value ? 1 : one.Solution.Rewards[reward] == value ? 0.5 : 0);
        Assert.All(state.Events.Skip(12), one => Assert.Equal(Rank(1, one.Solution.Rewards[1]) - Rank(2, one.Solution.Rewards[2]), one.Solution.Rewards[0], 1e-12));
        Assert.All(state.Archive, elite => Assert.Equal(state.Events.Where(one => one.Outcome.Cell == elite.Cell).Max(one => one.Solution.Rewards[0]), elite.Objective));
        Assert.All(state.Events, one => Assert.All(one.Solution.Parents, parent => Assert.True(parent >= 12)));
        Assert.Null((double?)JsonNode.Parse(Stub.Events(folder)[0])!["rewards"]!["apart"]);

        // Whoever reads the contrast sees the same numbers, of the texts without a parent alone.
        var summary = new MapSummary(recipe, state, 7);
        var contrast = Assert.Single(RewardContrast.All([summary]));
        Assert.Equal(("a", "b", 12), (contrast.First, contrast.Second, contrast.Cells.Sum(cell => cell.Count)));
        Assert.All(contrast.Cells.Index().Where(cell => cell.Item.Count > 0), cell => Assert.Equal(
            state.Events.Where(one => one.Outcome.Cell == cell.Index && one.Solution.Step < 6).Average(one => one.Solution.Rewards[0]), cell.Item.Mean!.Value, 1e-12));
        Assert.Equal((12, 0), (summary.Metrics["calibration"], summary.Metrics["rejected"]));
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(1, 0.6)]
    [InlineData(3, 0.26)]   // in the step behind the frozen set
    [InlineData(4, 0.45)]
    public void Run_CutAnywhereAndResumed_EndsWithTheSameBytes(int pipelineDepth, double share)
    {
        using var whole = new TemporaryFolder("whole");
        using var cut = new TemporaryFolder("cut");
        var recipe = Stub.Recipe(Rewards, $"pipelineDepth={pipelineDepth}");
        Stub.Run(recipe, whole, Parts(recipe));
        var bytes = File.ReadAllBytes(whole.File(MapRun.EventsName));
        File.WriteAllBytes(cut.File(MapRun.EventsName), bytes[..(int)(share * bytes.Length)]);

        var resumed = Stub.Run(recipe, cut, Parts(recipe));

        Assert.Equal(bytes, File.ReadAllBytes(cut.File(MapRun.EventsName)));
        var folded = MapRun.Fold(recipe, Stub.Events(whole));
        Assert.Equal(folded.Events.Select(one => one.ToJson(MapNames.Of(recipe)).ToJsonString()), resumed.Events.Select(one => one.ToJson(MapNames.Of(recipe)).ToJsonString()));
    }

    // Two tastes that see the same in every text, but that one of them likes dark sonnets by a trait that children inherit, a little changed. The trait of a new text is drawn from a normal distribution: what is
    // written without a parent differs little, and a search can go on from what differs most.
    [Fact]
    public void Search_TastesThatDifferInOneCell_FindsItAndMoreThanRandomDoes()
    {
        var recipe = Stub.Recipe(
            Rewards, "rewards[0].calibrationSteps=2", "batchSize=20", "startSteps=8", "totalSteps=28",
            "operators=[{ kind: rewrite, template: '{parent}|Again a {tone} {genre}.' }, { kind: guided-rewrite, template: '{parent}|Make this a {tone} {genre}.' }]");
        const string Cell = "sonnet, dark";
        var (found, gains) = (0, new List<double>());
        for (var seed = 0; seed < 5; seed++)
        {
            MapState Run(MapRecipe searched, MapBaseline? baseline)
            {
                using var folder = new TemporaryFolder("contrast");
                return new MapRun(searched, seed, folder.Path, Parts(recipe, WriteTrait, Shared, text => Shared(text) + Bonus(text)), baseline).RunAsync(null, default).GetAwaiter().GetResult();
            }
            double Most(MapState state) => state.Archive.Where(elite => string.Join(", ", state.LabelsOfCell(elite.Cell)) == Cell).Max(elite => elite.Objective);
            var (search, random) = (Run(recipe, null), Run(recipe with { StartSteps = recipe.TotalSteps }, MapBaseline.Random));
            Assert.Equal(search.Events.Count, random.Events.Count);
            Assert.Equal(search.Contrast!.Frozen.Select(one => one.Text), random.Contrast!.Frozen.Select(one => one.Text));
            found += string.Join(", ", search.LabelsOfCell(search.Archive.BestElite!.Cell)) == Cell ? 1 : 0;
            gains.Add(Most(search) - Most(random));
            var contrast = Assert.Single(RewardContrast.All([new MapSummary(recipe, search, seed)]));
            var planted = contrast.Cells.Single(cell => string.Join(", ", cell.Labels) == Cell);
            // Ranks are shares of a whole: what lies higher in one cell lies a little lower in all others.
            Assert.True(planted is { IsSeparated: true, Mean: > 0 });
            Assert.All(contrast.Cells.Where(cell => cell != planted), cell => Assert.True(cell.Mean < planted.Mean / 2 && !(cell.IsSeparated && cell.Mean > 0)));
        }
        Assert.Equal(5, found);
        Assert.True(Statistics.StudentT([.. gains]).Low > 0, $"over random search: {string.Join(", ", gains)}");
    }

    [Fact]
    public async Task Session_SearchForDisagreement_ShowsItAsAContrast()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe(Rewards, "checkEdits=true", "baselines=[random]");
        using var session = MapSession.Start(recipe, new RecipeSource("stub", string.Empty), [], folder.File("run"), false, torch.CPU, TimeProvider.System, (_, _) => Parts(recipe));
        var result = await session.RunAsync(null, default);

        Assert.Equal(12, result.Metrics["calibration"]);
        Assert.All(["contrast/genre/haiku", "baseline/random/qd_gain", "best"], name => Assert.Contains(name, result.Metrics.Keys));
        Assert.Contains(result.Conclusions, claim => claim.StartsWith("a against b: ", StringComparison.Ordinal));
        Assert.Contains(result.Conclusions, claim => claim.StartsWith("furthest apart: 0.", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Conclusions, claim => claim.StartsWith("genre: ", StringComparison.Ordinal));
        Assert.Equal("rank by a − rank by b", result.Maps[0].ValueName);
        Assert.Equal(-result.Maps[0].Low, result.Maps[0].High);
        var report = File.ReadAllText(result.Report);
        Assert.All(["Ranked highest by a against b", "12 frozen texts", "largest difference of ranks found"], part => Assert.Contains(part, report, StringComparison.Ordinal));
        Assert.Contains("\"search\":[1,2]", report, StringComparison.Ordinal);
        Assert.All(File.ReadLines(folder.File("run", HarmlessEdits.FileName)), line => Assert.InRange((double)JsonNode.Parse(line)!["after"]!, -1, 1));
    }

    [Theory]
    [InlineData("rewards[0].first=c", "the contrast is of 'c', and no other reward is called so")]
    [InlineData("rewards[0].first=apart", "the contrast is of 'apart', and no other reward is called so")]
    [InlineData("rewards[0].first=b", "the contrast is of 'b' with itself")]
    [InlineData("rewards[0].calibrationSteps=6", "calibrationSteps is 6, and startSteps 6")]
    [InlineData("rewards[1]={ kind: contrast, name: c, first: a, second: b }", "so it stands first, and there is one at most")]
    [InlineData("rewards[0].template=pair", "template")]
    public void Read_ContrastThatMakesNoSense_SaysWhatIsWrong(string set, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<InputException>(() => Stub.Recipe(Rewards, set)).Message, StringComparison.Ordinal);

    [Fact]
    public void Run_NoTextToRankAmong_SaysSo()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe(Rewards);
        var error = Assert.Throws<InputException>(() => Stub.Run(recipe, folder, Parts(recipe, Stub.Write, _ => double.NaN, Stub.Score)));
        Assert.Contains("not one text of the first 3 steps", error.Message, StringComparison.Ordinal);
    }

    private static MapParts Parts(MapRecipe recipe) => Parts(recipe, Stub.Write, text => Stub.Score($"b{text}"), Stub.Score);

    private static MapParts Parts(MapRecipe recipe, Func<WriteRequest, string> write, Func<string, double> second, Func<string, double> first) => Stub.Parts(recipe, write) with
    {
        Rewards = [.. recipe.TextRewards.Zip([first, second], (reward, score) => new MapReward(reward, new StubScorer(score)))],
    };

    private static string WriteTrait(WriteRequest request)
    {
        var random = new NamedRandom(request.Seed, "trait", request.Number);
        var parts = request.Prompt.Split('|');
        var parent = parts.Length > 1 ? double.Parse(parts[0].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
        return FormattableString.Invariant($"{parent + random.NextGaussian():F3} {parts[^1].Split(" a ")[^1]} {request.Number}");
    }

    private static double Shared(string text) => new NamedRandom(5, text).NextGaussian();

    private static double Bonus(string text) => text.Contains("dark sonnet", StringComparison.Ordinal) ? 0.3 * (2 + double.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)) : 0;
}
