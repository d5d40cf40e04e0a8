using System.Globalization;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Says in words what the numbers show, also where that is little.</summary>
internal static class Conclusions
{
    private const string Difference = "difference/";

    public static IEnumerable<string> Draw(ExperimentSummary summary)
    {
        foreach (var name in summary.Names.Where(name => name.StartsWith(Difference, StringComparison.Ordinal) && summary.Metrics.ContainsKey(name)))
        {
            if (summary.Intervals.TryGetValue(name, out var interval))
            {
                var verdict = interval.Low > 0 ? "the first is better" : interval.High < 0 ? "the second is better" : "the data does not separate the two";
                yield return $"{Pair(name)}: {Number(summary.Metrics[name])}, 95% interval [{Number(interval.Low)}, {Number(interval.High)}] over prompts: {verdict}.";
            }
        }
        if (summary.Metrics.TryGetValue("steering/gain", out var gain))
        {
            yield return $"Steering by the learned Q and V changes the score by {Number(gain)} against the model without steering. "
                + "A gain near zero with fine losses is the sign of a target network that never moved.";
        }
        if (summary.Metrics.TryGetValue("diagnostics/v_separated_share", out var share) && summary.Metrics.TryGetValue("diagnostics/q_last_auc", out var last))
        {
            yield return $"At the last token the target Q puts a good answer above a bad one with probability {Number(last)}; "
                + $"V tells them apart over {share.ToString("P0", CultureInfo.InvariantCulture)} of the answer's length.";
        }
    }

    // "difference/q-minus-shorter" → "Accuracy of q minus that of shorter"
    private static string Pair(string name)
    {
        var parts = name[Difference.Length..].Split("-minus-");
        return $"Accuracy of {parts[0]} minus that of {parts[1]}";
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
