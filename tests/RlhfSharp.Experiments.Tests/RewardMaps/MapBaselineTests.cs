using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class MapBaselineTests
{
    private const string All = "baselines=[random, seed-rewrite, quality-only]";

    [Fact]
    public async Task Run_AllBaselines_ShareTheFirstPhaseAndDifferInTheirParents()
    {
        using var folder = TestFiles.NewFolder();
        var writers = new List<StubWriter>();
        var recipe = Stub.Recipe(All);
        var result = await Run(recipe, folder.File("run"), writers);

        Assert.Equal([48, 24, 24, 24], writers.Select(writer => writer.Requests.Count));   // the first phase of 24 is written once
        var events = Events(folder.File("run"));
        Assert.All(["random", "seed-rewrite", "quality-only"], name =>
        {
            var own = Events(folder.File("run", $"baseline-{name}"));
            Assert.Equal(48, own.Count);
            Assert.Equal(events.Take(24).Select(one => one.ToJsonString()), own.Take(24).Select(one => one.ToJsonString()));
            Assert.Equal(result.Metrics["qd_score"] - result.Metrics[$"baseline/{name}/qd_score"], result.Metrics[$"baseline/{name}/qd_gain"], 1e-12);
            Assert.InRange(result.Metrics[$"baseline/{name}/coverage"], 0, 1);
        });
        Assert.All(Parents("random", folder), parents => Assert.Empty(parents));
        Assert.All(Parents("seed-rewrite", folder), parents => Assert.True(Assert.Single(parents) < 24));
        Assert.Contains(events.Skip(24), one => one["parents"]!.AsArray().Any(id => (long)id! >= 24));   // the map itself builds on what it found

        // Quality only: the parent is the best of all that were known two steps before.
        foreach (var one in Events(folder.File("run", "baseline-quality-only")).Skip(24))
        {
            var known = Events(folder.File("run", "baseline-quality-only")).Take(4 * ((int)one["step"]! - recipe.PipelineDepth + 1)).Where(other => (string)other["status"]! != "rejected");
            Assert.Equal(known.Max(other => (double)other["rewards"]!["reward"]!), (double)Events(folder.File("run", "baseline-quality-only"))[(int)one["parents"]![0]!]["rewards"]!["reward"]!);
        }
        Assert.Contains("Against searches without a map", File.ReadAllText(result.Report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CancelledInABaseline_GoesOnThere()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe(All);
        await Run(recipe, folder.File("whole"), []);
        using var source = new CancellationTokenSource();
        var written = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(recipe, folder.File("cut"), [], request =>
        {
            if (++written == 60)
            {
                source.Cancel();   // in the first baseline
            }
            return Stub.Write(request);
        }, source.Token));
        using (var resumed = MapSession.Resume(folder.File("cut"), TimeProvider.System, (_, _) => Stub.Parts(recipe)))
        {
            await resumed.RunAsync(null, default);
        }
        foreach (var name in new[] { "summary.json", "baseline-random/events.jsonl", "baseline-seed-rewrite/events.jsonl", "baseline-quality-only/events.jsonl" })
        {
            Assert.Equal(File.ReadAllBytes(folder.File("whole", name)), File.ReadAllBytes(folder.File("cut", name)));
        }
    }

    // Where a text is as good as its parent and a little better, only a search that keeps what it found climbs: in four steps of the second phase.
    [Fact]
    public async Task Run_RewardThatGrowsWithEachRewrite_FavoursWhatKeepsIt()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe(All, "operators=[{ kind: rewrite, template: '{parent}' }]", "totalSteps=16", "pipelineDepth=1");
        var result = await Run(recipe, folder.File("run"), [], request => request.Prompt.StartsWith("Write", StringComparison.Ordinal) ? $"x{new string('y', request.Number < 24 ? 0 : 1)}" : request.Prompt + "y", score: text => text.Length);
        Assert.Equal(2, result.Metrics["baseline/random/best"]);
        Assert.Equal(2, result.Metrics["baseline/seed-rewrite/best"]);
        Assert.Equal(11, result.Metrics["baseline/quality-only/best"]);   // one letter more in each of the ten steps
        Assert.True(result.Metrics["best"] > 2);
    }

    [Theory]
    [InlineData("baselines=[random, random]", "names one twice")]
    [InlineData("baselines=[seed-rewrite]", "the operator crossover shows texts of several cells")]
    [InlineData("baselines=[everything]", "everything")]
    public void Recipe_BaselinesThatCannotBe_SaysWhy(string baselines, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<InputException>(() => Stub.Recipe(baselines, "operators=[{ kind: crossover }]")).Message, StringComparison.Ordinal);

    private static List<JsonNode> Events(string folder) => [.. File.ReadLines(Path.Combine(folder, MapRun.EventsName)).Select(line => JsonNode.Parse(line)!)];

    private static IEnumerable<List<long>> Parents(string baseline, TemporaryFolder folder) =>
        Events(folder.File("run", $"baseline-{baseline}")).Skip(24).Select(one => one["parents"]!.AsArray().Select(id => (long)id!).ToList());

    private static async Task<MapResult> Run(
        MapRecipe recipe, string path, List<StubWriter> writers, Func<WriteRequest, string>? write = null, CancellationToken cancellationToken = default, Func<string, double>? score = null)
    {
        using var session = MapSession.Start(recipe, new RecipeSource("stub", string.Empty), [], path, false, torch.CPU, TimeProvider.System, (_, _) =>
        {
            writers.Add(new StubWriter(write ?? Stub.Write));
            return Stub.Parts(recipe, writers[^1], new StubScorer(score ?? Stub.Score));
        });
        return await session.RunAsync(null, cancellationToken);
    }
}
