using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Maps of two generators under one reward.</summary>
public sealed class MapComparisonTests
{
    private const int DataSets = 2000;

    // All paired: differences 1, 2, 3 have mean 2 and standard deviation 1, so 1/√3. None paired: variances 1 and 7 of three texts each, √(1/3 + 7/3).
    [Fact]
    public void Change_ThreeTexts_IsWorkedOutByHand()
    {
        (int, double)[] before = [(0, 1), (1, 2), (2, 3)];
        var paired = MeanChange.Of(before, [(0, 2), (1, 4), (2, 6)]);
        Assert.Equal((6, 3.0, 2.0), (paired.Count, paired.Clusters, paired.Mean!.Value));
        Assert.Equal(1 / Math.Sqrt(3), paired.StandardError!.Value, 1e-12);
        Assert.Equal(Statistics.PairedDifference([2, 4, 6], [1, 2, 3]).Low, paired.Interval!.Value.Low, 1e-9);
        var apart = MeanChange.Of(before, [(3, 1), (4, 2), (5, 6)]);
        Assert.Equal(Math.Sqrt(1 / 3.0 + 7 / 3.0), apart.StandardError!.Value, 1e-12);
        Assert.Equal(1, apart.Mean!.Value, 1e-12);
        Assert.Null(MeanChange.Of(before, []).Mean);
        Assert.Null(MeanChange.Of(before, [(0, 1)]).Interval);
    }

    // Requests differ in how well they can be answered, which both sides share; of 20 texts before, some requests have none after, and some after none before. 2,000 data sets have a standard error of 0.5 points.
    [Theory]
    [InlineData(1, 0.937, 0.963)]     // all paired: Student's t, exact
    [InlineData(0.6, 0.937, 0.98)]    // the degrees of freedom are those of the smaller side, which is careful
    [InlineData(0, 0.937, 0.98)]
    public void Change_SimulatedRequests_CoversTheTruth(double pairedShare, double low, double high)
    {
        var covered = 0;
        for (var data = 0; data < DataSets; data++)
        {
            var random = new NamedRandom(data, "requests");
            var (before, after) = (new List<(int, double)>(), new List<(int, double)>());
            for (var request = 0; request < 20; request++)
            {
                var shared = random.NextGaussian();
                before.Add((request, shared + random.NextGaussian()));
                var isPaired = random.NextDouble() < pairedShare;
                after.Add((isPaired ? request : 100 + request, (isPaired ? shared : random.NextGaussian()) + 0.5 + 0.5 * random.NextGaussian()));
            }
            covered += MeanChange.Of(before, after).Interval!.Value.Contains(0.5) ? 1 : 0;
        }
        Assert.InRange((double)covered / DataSets, low, high);
    }

    [Fact]
    public async Task Run_GeneratorThatLearntOneCell_FindsItAndNothingElse()
    {
        using var folder = TestFiles.NewFolder();
        await Map(folder.File("before"), Recipe("none"), request => Write(request, learnt: false));
        await Map(folder.File("after"), Recipe("other", "totalSteps=14"), request => Write(request, learnt: true));   // what comes after the first phase does not matter

        var result = MapComparison.Run(folder.File("before"), folder.File("after"), folder.File("both"));

        Assert.True(result.Intervals["change"].Low > 0 && result.Intervals["change/genre/sonnet"].Low > 0);
        Assert.True(result.Intervals["change/genre/haiku"].Contains(0));
        Assert.Equal((240, 240, 240), (result.Metrics["texts/before"], result.Metrics["texts/after"], result.Metrics["pairs"]));
        Assert.True(result.Intervals["change_length"].Contains(0));
        Assert.Contains("separated in 1 of the 6 cells that both write; rises most in sonnet, dark", Assert.Single(result.Conclusions), StringComparison.Ordinal);
        var json = JsonNode.Parse(File.ReadAllText(folder.File("both", "comparison.json")))!["rewards"]![0]!;
        var cell = json["cells"]!.AsArray().Single(one => (bool)one!["separated"]!)!;
        Assert.Equal("sonnet dark", $"{cell["labels"]![0]} {cell["labels"]![1]}");
        Assert.InRange(1.0, (double)cell["interval"]![0]!, (double)cell["interval"]![1]!);
        Assert.Equal((double)cell["meanAfter"]! - (double)cell["meanBefore"]!, (double)cell["change"]!, 1e-9);
        Assert.Equal(6, json["cells"]!.AsArray().Count);
        var report = File.ReadAllText(result.Report);
        Assert.All(["After − before", "The same requests, where the reward rises most", "rlhf map --before "], part => Assert.Contains(part, report, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_GeneratorThatRepeatsItself_CountsEveryText()
    {
        using var folder = TestFiles.NewFolder();
        await Map(folder.File("before"), Recipe("none", "dropDuplicates=true"), request => Write(request, learnt: false));
        await Map(folder.File("after"), Recipe("none", "dropDuplicates=true"), request => Asked(request));
        var result = MapComparison.Run(folder.File("before"), folder.File("after"), folder.File("both"));
        Assert.Equal((240, 0, 234), (result.Metrics["texts/after"], result.Metrics["duplicates/before"], result.Metrics["duplicates/after"]));   // six texts, one for each cell
    }

    [Fact]
    public async Task Run_MapsThatCannotBeCompared_SaysWhy()
    {
        using var folder = TestFiles.NewFolder();
        await Map(folder.File("map"), Recipe("none"), request => Write(request, learnt: false));
        await Map(folder.File("longer"), Recipe("none", "startSteps=13", "totalSteps=14"), request => Write(request, learnt: false));
        await Map(folder.File("scored"), Recipe("none"), request => Write(request, learnt: false), bonus: 1);
        string Error(string before, string after, string to = "both") => Assert.Throws<InputException>(() => MapComparison.Run(folder.File(before), folder.File(after), folder.File(to))).Message;
        Assert.Contains("'startSteps: 12'", Error("map", "longer"), StringComparison.Ordinal);
        Assert.Contains("it is not the same reward model", Error("map", "scored"), StringComparison.Ordinal);
        Assert.Contains("is no run of rlhf map", Error("map", "nowhere"), StringComparison.Ordinal);
        Assert.Contains("is a run. Choose another folder", Error("map", "map", "map"), StringComparison.Ordinal);
        var facts = folder.File("longer", "run.json");
        File.WriteAllText(facts, File.ReadAllText(facts).Replace("\"done\"", "\"interrupted\"", StringComparison.Ordinal));
        Assert.Contains("is not done", Error("longer", "map"), StringComparison.Ordinal);
    }

    // 240 texts without a parent, 40 a cell.
    private static MapRecipe Recipe(string model, params string[] set) => Stub.Recipe(
        ["batchSize=20", "startSteps=12", "totalSteps=12", "targets=fewest-evaluations", $"generator.path={model}", "axes[0].judge=null", "axes[1].judge=null", .. set]);

    private static async Task Map(string path, MapRecipe recipe, Func<WriteRequest, string> write, double bonus = 0)
    {
        using var session = MapSession.Start(recipe, new RecipeSource("stub", string.Empty), [], path, false, torch.CPU, TimeProvider.System, (_, _) => Stub.Parts(
            recipe, write, text => bonus + (text.Contains("better", StringComparison.Ordinal) ? 1 : 0) + 0.5 * new NamedRandom(3, text).NextGaussian(), judges: false));
        await session.RunAsync(null, default);
    }

    private static string Write(WriteRequest request, bool learnt) => $"{Asked(request)} {(learnt && Asked(request).Contains("dark sonnet", StringComparison.Ordinal) ? "better" : "little")} {request.Number}";

    private static string Asked(WriteRequest request) => request.Prompt.Split('|')[^1].Split(" a ")[^1];
}
