using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Experiments.Tests.Reports;
using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>A small map with two rewards, made once, and a browser to look at its report where there is one.</summary>
public sealed class ExplorerPage : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = TestFiles.NewFolder();

    internal Chromium? Browser { get; private set; }

    internal MapRecipe Recipe { get; } = Stub.Recipe("rewards=[{ kind: reward-model, path: none }, { kind: reward-model, name: other, path: none }]", "labelMode=judged", "bestOf=3");

    internal string Report => _folder.File("run", "report.html");

    internal MapSummary Summary { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        using (var session = MapSession.Start(Recipe, new RecipeSource("stub", string.Empty), [], _folder.File("run"), false, torch.CPU, TimeProvider.System, (_, _) => Parts()))
        {
            await session.RunAsync(null, default);
        }
        Summary = SummaryAfter(Recipe.TotalSteps);
        if (Chromium.Location is not null)
        {
            Browser = await Chromium.StartAsync(Directory.CreateDirectory(_folder.File("browser")).FullName);
        }
    }

    /// <summary>Folds the first steps of the run, the second route to what the page shows.</summary>
    internal MapSummary SummaryAfter(int steps) => new(
        Recipe, MapRun.Fold(Recipe, File.ReadLines(_folder.File("run", MapRun.EventsName)).Take(steps * Recipe.BatchSize)), Recipe.Seeds[0]);

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }
        _folder.Dispose();
    }

    private MapParts Parts() => new(
        new StubWriter(Write),
        [.. Recipe.Axes.Select(axis => ((LabelAxisOptions)axis).Judge!.Create(((LabelAxisOptions)axis).Labels))],
        [.. Recipe.TextRewards.Select((reward, index) => new MapReward(reward, new StubScorer(index == 0 ? Stub.Score : text => 100 * new NamedRandom(2, text).NextDouble())))]);

    // Every text begins with what would end the data, and in a script written from right to left.
    private static string Write(WriteRequest request)
    {
        var random = new NamedRandom(request.Seed, request.Prompt, request.Number);
        string[] genres = ["frog", "thou"];
        string[] tones = ["sun", "night", "night"];
        return $"\u05e9\u05dc\u05d5\u05dd </script><img src=x onerror=alert(1)> \U0001F418 {genres[random.Next(2)]}\n{tones[random.Next(3)]} {request.Number} \"&amp;\" '";
    }
}
