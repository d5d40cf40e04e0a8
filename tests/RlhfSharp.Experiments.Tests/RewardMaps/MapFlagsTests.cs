using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class MapFlagsTests
{
    // The median of 1..9 and 100 is 5.5, the deviations' median 2.5: z of 100 is 0.6745 · 94.5 / 2.5 = 25.5, of 9 it is 0.944.
    [Fact]
    public void RobustZ_OneOutlier_IsAsWorkedOutByHand()
    {
        var z = RobustZ.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 100]);
        Assert.Equal(25.4961, z[^1], 1e-9);
        Assert.Equal(0.9443, z[8], 1e-9);
        Assert.All(RobustZ.Of([1, 2, 3, 4, 100]), value => Assert.Equal(0, value));                        // too few to say
        Assert.All(RobustZ.Of([.. Enumerable.Repeat(1.0, 12), 100]), value => Assert.Equal(0, value));     // half are equal
    }

    // What the flag costs where nothing is wrong: rewards drawn from one normal distribution.
    [Fact]
    public void RobustZ_NormalRewards_RarelyStandOut()
    {
        var random = new NamedRandom(1, "flags");
        var flagged = Enumerable.Range(0, 2000).Sum(_ => RobustZ.Of([.. Enumerable.Range(0, 24).Select(_ => random.NextGaussian())]).Count(z => z > RobustZ.Limit));
        Assert.InRange(flagged / (2000.0 * 24), 0.0015, 0.004);   // docs/reward-maps.md says 3 in 1,000
    }

    [Theory]
    [InlineData(true, "Sure! Here: write a happy haiku, as asked.")]
    [InlineData(true, "WRITE A HAPPY\nHAIKU")]
    [InlineData(false, "Write a sad haiku")]
    [InlineData(false, "a happy haiku")]
    public void Echo_FourWordsInARow_IsFound(bool isEcho, string text) => Assert.Equal(isEcho, InstructionEcho.IsIn(text, ["Write a happy haiku."]));

    [Fact]
    public void Echo_Requests_AreTheRecipesWordsWithoutTheParentsText()
    {
        var solution = Solution(0, "x") with { Parents = [0], Operator = "guided-rewrite" };
        Assert.Equal(["Write a happy haiku.", string.Empty, "|Make this ", " ", " a happy haiku."], InstructionEcho.Requests(Stub.Recipe(), solution));
        Assert.Equal(["Write a happy haiku."], InstructionEcho.Requests(Stub.Recipe(), Solution(0, "x")));
    }

    [Fact]
    public void Repetition_Circles_AreFoundAndRefrainsAreNot()
    {
        Assert.True(TextRepetition.IsIn(string.Concat(Enumerable.Repeat("the best poem ever ", 6))));
        Assert.True(TextRepetition.IsIn("so good!!!!!!!!!!"));
        Assert.False(TextRepetition.IsIn("so good!!!!!!!!!"));
        var stanzas = Enumerable.Range(0, 4).Select(i => string.Join(' ', Enumerable.Range(0, 18).Select(word => $"w{i}x{word}")) + " and the river runs on home");
        // 4 · 24 words make 94 runs of three; the refrain's 4 come three times more: 12 / 94.
        Assert.Equal(12 / 94.0, TextRepetition.Share(string.Join('\n', stanzas)), 1e-12);
        Assert.Equal(0, TextRepetition.Share("one two one two one two"));
    }

    [Theory]
    [InlineData(0, "Plain words, 3 of them: “yes” – $5 é")]
    [InlineData(0.5, "ab\u05e9\u05dc")]
    [InlineData(0.25, "abc \U0001F418")]
    [InlineData(0.5, "a\uE000")]
    public void OffScript_Signs_AreCounted(double share, string text) => Assert.Equal(share, WritingScript.ShareOff(text, "Latin"), 1e-12);

    [Fact]
    public void OffScript_RunOfHebrew_IsMeasuredByHebrew()
    {
        Assert.Equal("Hebrew", WritingScript.Main(["\u05e9\u05dc\u05d5\u05dd", "ab"]));
        Assert.Equal("Latin", WritingScript.Main(["123 !"]));
        Assert.Equal(0, WritingScript.ShareOff("\u05e9\u05dc\u05d5\u05dd!", "Hebrew"));
    }

    [Fact]
    public void Of_PlacedTexts_HaveTheirFlagsAndTheMapIsMadeOfTheOthers()
    {
        var recipe = Stub.Recipe("startSteps=1", "totalSteps=1", "batchSize=5");
        var state = new MapState(recipe);
        state.Commit(
        [
            Solution(0, "a frog in the sun", 1), Solution(1, "Write a happy haiku. A frog in the sun", 5), Solution(2, "a sunny frog, again: frog frog", 2) with { Judged = ["haiku", "happy"] },
            Solution(3, "no animal at all", 9) with { Judged = [null, "happy"] }, Solution(4, "", 0),
        ]);

        var summary = new MapSummary(recipe, state, 0, new HashSet<long> { 2 });

        Assert.Equal([TextFlag.None, TextFlag.Echo, TextFlag.EditDrop, TextFlag.JudgeMismatch, TextFlag.None], Enumerable.Range(0, 5).Select(id => summary.Flags[id]));
        Assert.Equal(0, summary.Flags.Clean[0].Solution.Id);
        Assert.Equal((3, 1, 1, 1, 1), (summary.Metrics["flagged"], summary.Metrics["flagged/echo"], summary.Metrics["flagged/edit-drop"], summary.Metrics["flagged/judge-mismatch"], summary.Metrics["flagged_elites"]));
        Assert.Equal((1 / 6.0, 1, 9), (summary.Metrics["filtered/coverage"], summary.Metrics["filtered/best"], summary.Metrics["best"]));
        Assert.Equal(0.25, summary.Metrics["filtered/qd_score"]);   // one of the four placed texts is rewarded as much
        var json = MapFiles.ToJson(summary);
        Assert.Equal("""[{"id":3,"flags":["judge-mismatch"]}]""", json["flags"]!["elites"]!.ToJsonString());
        Assert.Equal((1, 0), ((double)json["cells"]![0]!["filteredLowerBound"]!, (long)json["cells"]![0]!["filteredElite"]!));
        Assert.Equal(TextFlag.None, Relabelled(recipe, state));
    }

    [Fact]
    public void Edits_Of_ChangeNothingThatIsSaid()
    {
        Assert.Equal([("white-space", "The Sun\n\nis up\n\nnow"), ("case", "the sun\nis up\nnow"), ("line-order", "is up\nnow\nThe Sun")], HarmlessEdits.Of("The Sun\nis up\nnow"));
        Assert.Empty(HarmlessEdits.Of("sun"));
    }

    // A reward for capitals alone falls to 0 in lower case: by more than the standard deviation of all.
    [Fact]
    public async Task Edits_RewardForCapitals_IsFlaggedAndWrittenDown()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("checkEdits=true");
        using var session = MapSession.Start(recipe, new RecipeSource("stub", string.Empty), [], folder.File("run"), false, torch.CPU, TimeProvider.System, (_, _) => Stub.Parts(
            recipe, write: request => request.Number == 7 ? "FROG SUN" : $"frog {request.Number}", score: text => text.Count(char.IsUpper)));
        var result = await session.RunAsync(null, default);
        Assert.Equal(1, result.Metrics["flagged/edit-drop"]);
        var edit = JsonNode.Parse(File.ReadLines(folder.File("run", HarmlessEdits.FileName)).Single(line => line.Contains("\"id\":7,", StringComparison.Ordinal)))!;
        Assert.Equal(("case", 7, 0), ((string)edit["edit"]!, (double)edit["before"]!, (double)edit["after"]!));
    }

    private static TextFlag Relabelled(MapRecipe recipe, MapState state)
    {
        // Where the judge decides the cell there is nothing to disagree with.
        var judged = recipe with { LabelMode = LabelMode.Judged };
        return MapFlags.Of(judged, state, new HashSet<long>())[3];
    }

    private static MapSolution Solution(long id, string text, double reward = 0) => new()
    {
        Id = id,
        Step = 0,
        Operator = "random",
        Parents = [],
        Requested = ["haiku", "happy"],
        Judged = ["haiku", "happy"],
        PromptHash = "0",
        Text = text,
        Rewards = [reward],
    };
}
