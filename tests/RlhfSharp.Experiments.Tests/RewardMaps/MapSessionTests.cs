using System.Text.Json.Nodes;
using System.Xml.Linq;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class MapSessionTests
{
    [Fact]
    public async Task Run_CancelledAndResumed_GivesTheSameFiles()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("seeds=[1, 2]");
        var (whole, broken) = (folder.File("whole"), folder.File("broken"));
        var result = await Run(recipe, whole, Stub.Write, default);

        using var source = new CancellationTokenSource();
        var written = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(recipe, broken, request =>
        {
            if (++written == 60)   // in the second seed
            {
                source.Cancel();
            }
            return Stub.Write(request);
        }, source.Token));
        Assert.Equal("interrupted", (string)JsonNode.Parse(File.ReadAllText(Path.Combine(broken, "run.json")))!["status"]!);
        using (var resumed = MapSession.Resume(broken, TimeProvider.System, (_, _) => Stub.Parts(recipe)))
        {
            var again = await resumed.RunAsync(null, default);
            Assert.Equal(result.Metrics, again.Metrics);
        }

        foreach (var name in new[] { "events.jsonl", "summary.json", "archive.csv", "map.svg", "map.png", "map-filtered.svg", "marginal-genre.svg", "marginal-tone.png" })
        {
            foreach (var seed in new[] { "seed-1", "seed-2" })
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(whole, seed, name)), File.ReadAllBytes(Path.Combine(broken, seed, name)));
            }
        }
        // Reports differ in the folder that they name, and nothing else.
        Assert.Equal(Report(whole), Report(broken));
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "recipe.yaml")), File.ReadAllText(Path.Combine(broken, "recipe.yaml")));
    }

    [Fact]
    public async Task Run_SeveralSeeds_HasMeansIntervalsAndEachSeedsOwn()
    {
        using var folder = TestFiles.NewFolder();
        var result = await Run(Stub.Recipe("seeds=[1, 2, 3]"), folder.File("run"), Stub.Write, default);
        double[] best = [result.Metrics["best#1"], result.Metrics["best#2"], result.Metrics["best#3"]];
        Assert.Equal(best.Average(), result.Metrics["best"], 1e-12);
        Assert.True(result.Intervals["best"].Contains(best.Average()));
        Assert.True(result.Intervals.ContainsKey("marginal/genre/haiku"));
        Assert.Equal(48, result.Metrics["evaluations"]);
        Assert.True(File.Exists(result.Picture));
    }

    // The arithmetic: rewards are 1 for haiku and 3 for sonnets, whatever else is asked for.
    [Fact]
    public async Task Run_RewardByGenre_IsFoundInTheMarginals()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("labelMode=judged", "axes[1]={ kind: length, name: length, unit: words, ticks: [2] }", "start=Write a {genre}.", "operators=[{ kind: random, template: '{genre}' }]");
        using var session = MapSession.Start(recipe, new RecipeSource("stub", string.Empty), [], folder.File("run"), false, torch.CPU, TimeProvider.System, (_, _) => Stub.Parts(
            recipe, write: request => request.Prompt.Contains("haiku", StringComparison.Ordinal) ? "frog" : "thou too long", score: text => text == "frog" ? 1 : 3));
        var result = await session.RunAsync(null, default);
        Assert.Equal((1, 3, 1, 3), (result.Metrics["marginal/genre/haiku"], result.Metrics["marginal/genre/sonnet"], result.Metrics["marginal/length/below 2"], result.Metrics["marginal/length/2 or more"]));
        Assert.Equal((0.5, 1), (result.Metrics["coverage"], result.Metrics["agreement/genre"]));
        // The sonnet's elite is at or above all texts of the first phase, the haiku's at or above the haiku among them.
        var haiku = File.ReadLines(folder.File("run", "events.jsonl")).Take(24).Count(line => line.Contains("\"requested\":{\"genre\":\"haiku\"", StringComparison.Ordinal));
        Assert.Equal(1 + haiku / 24.0, result.Metrics["qd_score"], 1e-12);
    }

    [Fact]
    public async Task Run_Report_ShowsMapsTextsAndLinesAndEscapesEverything()
    {
        using var folder = TestFiles.NewFolder();
        var result = await Run(Stub.Recipe("seeds=[1, 2]", "caveats=[The judge is a stub.]"), folder.File("run"), request => $"</script><b>{request.Number}</b> \u05e9\u05dc\u05d5\u05dd 🐘", default);

        var report = XDocument.Parse(File.ReadAllText(result.Report));
        Assert.Equal(["map-data", null], report.Descendants("script").Select(script => (string?)script.Attribute("id")));
        Assert.Equal(4, report.Descendants("figure").Count(figure => (string?)figure.Attribute("class") == "heat-map"));
        var text = report.Root!.Value;
        var verdict = report.Descendants("div").Single(element => (string?)element.Attribute("class") == "verdict").Value;
        Assert.Equal(string.Concat(result.Conclusions.Select(conclusion => $"{conclusion}.")), verdict);
        Assert.Equal(4, result.Conclusions.Count);
        Assert.All(["</script><b>", "שלום 🐘", " ← ", "haiku − sonnet", "expected best of 10", "What this does not show", "The judge is a stub."], part => Assert.Contains(part, text, StringComparison.Ordinal));
        // One scale for all maps: the same lowest and highest number beside each of them.
        var ends = report.Descendants("svg").Where(svg => svg.Descendants("pattern").Any()).Select(svg => string.Join(' ', svg.Elements("text").Reverse().Skip(1).Take(3).Select(one => one.Value)));
        Assert.Single(ends.Distinct());
    }

    private static string Report(string folder) => File.ReadAllText(Path.Combine(folder, "report.html")).Replace(folder.Replace('\\', '/'), "FOLDER", StringComparison.Ordinal);

    private static async Task<MapResult> Run(MapRecipe recipe, string path, Func<WriteRequest, string> write, CancellationToken cancellationToken)
    {
        using var session = MapSession.Start(recipe, new RecipeSource("stub", string.Empty), [], path, overwrite: false, torch.CPU, TimeProvider.System, (_, _) => Stub.Parts(recipe, write));
        return await session.RunAsync(null, cancellationToken);
    }
}
