using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What a row with one seed went through: a fold of what its stages wrote.</summary>
internal static class IterationCurve
{
    private const int SmoothedOver = 3;

    /// <summary>Reads the points of all iterations, in order.</summary>
    public static IReadOnlyList<IterationPoint> Read(IterationPlan plan, IterationRecipe recipe, StageFolders folders)
    {
        var points = new List<IterationPoint>();
        foreach (var (index, stage) in plan.Policies.Index())
        {
            var labels = plan.Labels.Take(index + 1).Sum(batches => batches.Count) * recipe.Labels.PerBatch;
            var bySample = MetricLog.Read(folders.Of(stage), "samples.jsonl").GroupBy(line => (int)line["step"]!).ToDictionary(
                group => group.Key, group => (Gold: group.Select(line => (double)line["gold"]!).ToList(), Groups: Numbered(group.Select(line => (string)line["group"]!))));
            foreach (var line in MetricLog.Read(folders.Of(stage)).Where(line => line["gold/mean"] is not null))
            {
                var step = (int)line["step"]!;
                points.Add(new IterationPoint(index + 1, step, labels, Numbers(line), bySample[step].Gold, bySample[step].Groups));
            }
        }
        return points;
    }

    /// <summary>Computes a row's numbers.</summary>
    /// <param name="points">Its points.</param>
    /// <returns>Where gold peaked, by how much it fell from there, and where it ended, with intervals over what the prompts are about.</returns>
    /// <remarks>The peak is located on the prompts about every second thing, after smoothing over three neighbouring points of an iteration, and measured on the others: on the prompts
    /// that chose it, the highest of many noisy points would look high by itself.</remarks>
    public static EvaluationResult Result(IReadOnlyList<IterationPoint> points)
    {
        var (last, peak) = (points[^1], Peak(points));
        var (atPeak, atEnd) = (Half(peak, 1), Half(last, 1));
        var metrics = new OrderedDictionary<string, double>
        {
            ["gold/final"] = last.Gold.Average(),
            ["gold/peak"] = atPeak.Average(),
            ["gold/drop"] = atPeak.Average() - atEnd.Average(),
            ["gap/final"] = last.Metrics["gap"],
            ["kl/onset"] = peak.Metrics["kl"],
            ["kl/final"] = last.Metrics["kl"],
            ["win_rate/final"] = last.Metrics["win_rate"],
            ["rank_correlation/final"] = last.Metrics["rank_correlation"],
            ["proxy_accuracy/final"] = last.Metrics["proxy/accuracy"],
            ["labels"] = last.Labels,
        };
        int[] clusters = [.. last.Groups], half = [.. last.Groups.Where(group => group % 2 == 1)];
        return new EvaluationResult(metrics, [], new Dictionary<string, IReadOnlyList<Observation>>())
        {
            Intervals = new Dictionary<string, Interval>
            {
                ["gold/final"] = Statistics.ClusteredMean([.. last.Gold], clusters, seed: 0),
                ["gold/peak"] = Statistics.ClusteredMean(atPeak, half, seed: 0),
                ["gold/drop"] = Statistics.ClusteredMean([.. atPeak.Zip(atEnd, (high, end) => high - end)], half, seed: 0),
            },
        };
    }

    /// <summary>Finds where gold is highest on the prompts of the first half; there are at least two things that prompts are about.</summary>
    public static IterationPoint Peak(IReadOnlyList<IterationPoint> points)
    {
        var means = points.Select(point => Half(point, 0).Average()).ToList();
        double Smoothed(int at)
        {
            var near = Enumerable.Range(at - SmoothedOver / 2, SmoothedOver).Where(i => i >= 0 && i < points.Count && points[i].Iteration == points[at].Iteration).ToList();
            return near.Average(i => means[i]);
        }
        return points[Enumerable.Range(0, points.Count).MaxBy(Smoothed)];
    }

    private static double[] Half(IterationPoint point, int which) => [.. point.Gold.Where((_, index) => point.Groups[index] % 2 == which)];

    private static List<int> Numbered(IEnumerable<string> groups)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. groups.Select(group => numbers.TryGetValue(group, out var known) ? known : numbers[group] = numbers.Count)];
    }

    private static Dictionary<string, double> Numbers(JsonObject line) =>
        line.Where(entry => entry.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number).ToDictionary(entry => entry.Key, entry => (double)entry.Value!);
}
