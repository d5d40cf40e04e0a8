using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Runs the baselines of a map. Each shares the map's first phase, text for text, and differs from there on; so does the budget.</summary>
internal static class MapBaselines
{
    /// <summary>Names a baseline as recipes, folders and metrics do.</summary>
    public static string Name(MapBaseline baseline) => baseline switch
    {
        MapBaseline.Random => "random",
        MapBaseline.SeedRewrite => "seed-rewrite",
        _ => "quality-only",
    };

    /// <summary>Runs a baseline in a folder of its own below the map's, or goes on with it.</summary>
    /// <param name="map">The map's numbers, to which the baseline's are added.</param>
    /// <param name="baseline">Which.</param>
    /// <param name="folder">The map's folder.</param>
    /// <param name="open">Opens the models for a folder and a seed, where endpoints keep their answers.</param>
    /// <param name="progress">Is told which share is done; may be null.</param>
    /// <param name="cancellationToken">Stops between steps; what was committed stays.</param>
    public static async Task RunAsync(MapSummary map, MapBaseline baseline, string folder, Func<string, long, MapParts> open, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var own = Path.Combine(folder, $"baseline-{Name(baseline)}");
        SafeDirectory.Create(own);
        ShareFirstPhase(map.Recipe, folder, own);
        using var parts = open(own, map.Seed);
        var recipe = baseline == MapBaseline.Random ? map.Recipe with { StartSteps = map.Recipe.TotalSteps } : map.Recipe;
        var state = await new MapRun(recipe, map.Seed, own, parts, baseline).RunAsync(progress, cancellationToken).ConfigureAwait(false);
        Compare(map, new MapSummary(recipe, state, map.Seed), $"baseline/{Name(baseline)}");
    }

    // Rewards are put between 0 and 1 by the map's own first phase, or the scores would have no unit in common.
    private static void Compare(MapSummary map, MapSummary baseline, string name)
    {
        map.Take($"{name}/coverage", baseline.Metrics["coverage"]);
        if (map.FirstPhase is not { } distribution)
        {
            return;
        }
        var score = distribution.QdScore(baseline.State.Archive.Select(elite => elite.Objective));
        map.Take($"{name}/qd_score", score);
        map.Take($"{name}/qd_gain", map.Metrics["qd_score"] - score);
        map.Take($"{name}/best", baseline.State.Archive.Max(elite => elite.Objective));
    }

    // What both would write, judge and score alike is done once. The run takes it from its log, as a resumed one does.
    private static void ShareFirstPhase(MapRecipe recipe, string folder, string own)
    {
        var log = Path.Combine(own, MapRun.EventsName);
        if (!File.Exists(log))
        {
            var lines = File.ReadLines(Path.Combine(folder, MapRun.EventsName)).Take(recipe.StartSteps * recipe.BatchSize);
            AtomicFile.WriteAllText(log, string.Concat(lines.Select(line => $"{line}\n")));
        }
    }
}
