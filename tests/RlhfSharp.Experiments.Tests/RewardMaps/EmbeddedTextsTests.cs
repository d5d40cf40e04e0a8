using CsCheck;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class EmbeddedTextsTests
{
    private static readonly Lazy<MapState>[] States = [.. Enumerable.Range(0, 4).Select(seed => new Lazy<MapState>(() => State(seed)))];

    [Fact]
    public void Choose_AnyLimit_KeepsToItAndPutsElitesAndTheirForebearsFirst() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2000]).Sample((seed, limit) =>
    {
        var state = States[seed].Value;
        var chosen = EmbeddedTexts.Choose(state, limit);
        Assert.True(state.Events.Where(one => chosen[one.Solution.Id]).Sum(one => one.Solution.Text.Length) <= limit);
        var needed = Needed(state);
        if (chosen.Where((isChosen, id) => isChosen && !needed.Contains(id)).Any())
        {
            Assert.All(needed, id => Assert.True(chosen[id]));
        }
    }, iter: 100, threads: 1);

    [Fact]
    public void Choose_RoomForAll_LeavesNothingOut() => Assert.All(EmbeddedTexts.Choose(States[1].Value), Assert.True);

    // Ten thousand poems of a sonnet's length: a page of 20 MB or less, made in a few seconds, that says how much of them it holds.
    [Fact]
    public void Data_TenThousandTexts_StaysAFileThatABrowserOpens()
    {
        var recipe = Stub.Recipe("totalSteps=4", "startSteps=2", "batchSize=2500");
        using var folder = new TemporaryFolder("many");
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: request => $"{request.Number} {new string('é', 900)}", judges: false));
        var json = MapExplorerData.Of([new MapSummary(recipe, state, 7)]);
        var run = json["runs"]![0]!;
        var embedded = run["text"]!.AsArray().Count(text => text is not null);
        Assert.Equal((int)run["embedded"]!, embedded);
        Assert.InRange(embedded, 4000, 4500);   // 4 million characters
        Assert.Equal(10_000, run["cell"]!.AsArray().Count);
        Assert.True(json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Length < 6_000_000);
    }

    private static HashSet<int> Needed(MapState state)
    {
        var needed = new HashSet<int>();
        void Take(long id)
        {
            needed.Add((int)id);
            foreach (var parent in state.Find(id).Parents)
            {
                Take(parent);
            }
        }
        foreach (var one in state.Events.Where(one => one.Outcome.Status >= QualityDiversity.Archives.AddStatus.Improved))
        {
            Take(one.Solution.Id);
        }
        return needed;
    }

    private static MapState State(int seed)
    {
        using var folder = new TemporaryFolder("texts");
        var recipe = Stub.Recipe("labelMode=judged", "dropDuplicates=true");
        return new MapRun(recipe, seed, folder.Path, Stub.Parts(recipe)).RunAsync(null, default).GetAwaiter().GetResult();
    }
}
