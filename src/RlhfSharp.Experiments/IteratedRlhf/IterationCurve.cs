using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What a row with one seed went through: a fold of what its stages wrote.</summary>
internal static class IterationCurve
{
    private const int SmoothedOver = 3;
    private const int Halves = 2;

    // Measured in every evaluation, and told of the last one.
    private static readonly (string Metric, string Final)[] AtTheEnd =
    [
        ("gap", "gap/final"), ("kl", "kl/final"), ("win_rate", "win_rate/final"), ("rank_correlation", "rank_correlation/final"), ("proxy/accuracy", "proxy_accuracy/final"),
        ("length", "length/final"), ("entropy", "entropy/final"), ("distinct_2", "distinct_2/final"),
    ];

    /// <summary>Reads the points of all iterations, in order.</summary>
    public static IReadOnlyList<IterationPoint> Read(IterationPlan plan, IterationRecipe recipe, StageFolders folders)
    {
        var points = new List<IterationPoint>();
        foreach (var (index, stage) in plan.Policies.Index())
        {
            var labels = plan.Labels.Take(index + 1).Sum(batches => batches.Count) * recipe.Labels.PerBatch;
            var bySample = MetricLog.Read(folders.Of(stage), "samples.jsonl").GroupBy(line => (int)line["step"]!).ToDictionary(group => group.Key, group => group.ToList());
            foreach (var line in MetricLog.Read(folders.Of(stage)).Where(line => line["gold/mean"] is not null))
            {
                var step = (int)line["step"]!;
                IReadOnlyList<double> Each(string name) => [.. bySample[step].Select(sample => (double)sample[name]!)];
                points.Add(new IterationPoint(index + 1, step, labels, Numbers(line), Each("gold"), Numbered(bySample[step].Select(sample => (string)sample["group"]!)))
                {
                    Proxy = Each("proxy"),
                    Kl = Each("kl"),
                    Wins = Each("win"),
                });
            }
        }
        return points;
    }

    /// <summary>Computes a row's numbers.</summary>
    /// <param name="points">Its points.</param>
    /// <param name="law">The law that its last iteration is fitted by.</param>
    /// <returns>Where gold peaked, by how much it fell from there, where it ended, and the law's coefficients, with intervals over what the prompts are about.</returns>
    /// <remarks>The peak is located on the prompts about every second thing, after smoothing over three neighbouring points of an iteration, and measured on the others: on the prompts
    /// that chose it, the highest of many noisy points would look high by itself. The interval of its distance is that of locating it anew on other prompts; there is none with fewer
    /// than ten things in a half.</remarks>
    public static EvaluationResult Result(IReadOnlyList<IterationPoint> points, OveroptimizationLaw law)
    {
        var (last, peak) = (points[^1], Peak(points));
        var (atPeak, atEnd) = (Half(peak, 1), Half(last, 1));
        var metrics = new OrderedDictionary<string, double>
        {
            ["gold/final"] = last.Gold.Average(),
            ["gold/peak"] = atPeak.Average(),
            ["gold/drop"] = atPeak.Average() - atEnd.Average(),
            ["kl/onset"] = peak.Metrics["kl"],
        };
        foreach (var (metric, final) in AtTheEnd.Where(known => last.Metrics.ContainsKey(known.Metric)))
        {
            metrics[final] = last.Metrics[metric];
        }
        metrics["labels"] = last.Labels;
        int[] clusters = [.. last.Groups], half = [.. last.Groups.Where(group => group % Halves == 1)];
        var intervals = new Dictionary<string, Interval>
        {
            ["gold/final"] = Statistics.ClusteredMean([.. last.Gold], clusters, seed: 0),
            ["gold/peak"] = Statistics.ClusteredMean(atPeak, half, seed: 0),
            ["gold/drop"] = Statistics.ClusteredMean([.. atPeak.Zip(atEnd, (high, end) => high - end)], half, seed: 0),
            ["gap/final"] = Statistics.ClusteredMean([.. last.Proxy.Zip(last.Gold, (proxy, gold) => proxy - gold)], clusters, seed: 0),
            ["kl/final"] = Statistics.ClusteredMean([.. last.Kl], clusters, seed: 0),
            ["win_rate/final"] = Statistics.ClusteredMean([.. last.Wins], clusters, seed: 0),
        };
        AddOnset(points, intervals);
        AddFit(LawFit.Of(law, [.. points.Where(point => point.Iteration == last.Iteration)]), metrics, intervals);
        return new EvaluationResult(metrics, [], new Dictionary<string, IReadOnlyList<Observation>>()) { Intervals = intervals };
    }

    /// <summary>Finds where gold is highest on the prompts of the first half; there are at least two things that prompts are about.</summary>
    public static IterationPoint Peak(IReadOnlyList<IterationPoint> points) => points[Peak(points, [.. points.Select(point => Half(point, 0).Average())])];

    private static int Peak(IReadOnlyList<IterationPoint> points, double[] means)
    {
        var (best, highest) = (0, double.NegativeInfinity);
        for (var at = 0; at < means.Length; at++)
        {
            var (sum, count) = (0.0, 0);
            for (var near = Math.Max(0, at - SmoothedOver / 2); near <= Math.Min(means.Length - 1, at + SmoothedOver / 2); near++)
            {
                (sum, count) = points[near].Iteration == points[at].Iteration ? (sum + means[near], count + 1) : (sum, count);
            }
            (best, highest) = sum / count > highest ? (at, sum / count) : (best, highest);
        }
        return best;
    }

    private static void AddOnset(IReadOnlyList<IterationPoint> points, Dictionary<string, Interval> intervals)
    {
        var curve = CurveSample.Of(points, thing => thing % Halves == 0);
        if (curve.Things >= Statistics.MinimumBootstrapClusters)
        {
            double[] Onset(int[] counts) => [points[Peak(points, curve.Means(counts).Gold)].Metrics["kl"]];
            intervals["kl/onset"] = Statistics.BootstrapEach(curve.Things, Onset, seed: 0)[0];
        }
    }

    private static void AddFit((LawFit? Fit, Interval? Alpha, Interval? Beta) law, OrderedDictionary<string, double> metrics, Dictionary<string, Interval> intervals)
    {
        if (law.Fit is { } fit)
        {
            (metrics["fit/alpha"], metrics["fit/beta"], metrics["fit/residual"]) = (fit.Alpha, fit.Beta, fit.Residual);
        }
        if (law is { Alpha: { } alpha, Beta: { } beta })
        {
            (intervals["fit/alpha"], intervals["fit/beta"]) = (alpha, beta);
        }
    }

    private static double[] Half(IterationPoint point, int which) => [.. point.Gold.Where((_, index) => point.Groups[index] % Halves == which)];

    private static List<int> Numbered(IEnumerable<string> groups)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. groups.Select(group => numbers.TryGetValue(group, out var known) ? known : numbers[group] = numbers.Count)];
    }

    private static Dictionary<string, double> Numbers(JsonObject line) =>
        line.Where(entry => entry.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number).ToDictionary(entry => entry.Key, entry => (double)entry.Value!);
}
