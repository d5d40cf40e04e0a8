using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Training.Objectives;

/// <summary>Shows whether the reward at the end has been felt along the answer: what losses do not tell.</summary>
/// <remarks>A terminal reward travels back one token per update of the target. Q at the last token may separate good from bad answers perfectly
/// while V in the middle of the answer knows nothing, and then steering has nothing to go by.</remarks>
public static class IlqlDiagnostics
{
    /// <summary>How well V must separate good from bad answers at a place to count: the probability that a good one has the higher V.</summary>
    public const double Separates = 0.6;

    private const int Places = 10;

    /// <summary>Measures how Q at the end and V along the way tell good from bad answers.</summary>
    /// <param name="good">Q and V along good answers.</param>
    /// <param name="bad">Q and V along bad answers.</param>
    /// <returns><c>diagnostics/q_last_auc</c>; <c>diagnostics/v_auc@p</c> at a place p of the answer from 0 (before its first token) to 1 (after its
    /// last); <c>diagnostics/v_separated_share</c>, the share of places at which that exceeds <see cref="Separates"/>.</returns>
    public static IReadOnlyDictionary<string, double> Measure(IReadOnlyList<DialogueValues> good, IReadOnlyList<DialogueValues> bad)
    {
        var metrics = new OrderedDictionary<string, double>
        {
            ["diagnostics/q_last_auc"] = Auc(good, bad, values => values.TargetQ[^1]),
        };
        var separated = 0;
        for (var place = 0; place <= Places; place++)
        {
            var share = place / (double)Places;
            var auc = Auc(good, bad, values => values.Values[(int)Math.Round(share * (values.Values.Count - 1))]);
            separated += auc > Separates ? 1 : 0;
            if (place is 0 or Places / 2 or Places)
            {
                metrics[FormattableString.Invariant($"diagnostics/v_auc@{share}")] = auc;
            }
        }
        metrics["diagnostics/v_separated_share"] = separated / (double)(Places + 1);
        return metrics;
    }

    private static double Auc(IReadOnlyList<DialogueValues> good, IReadOnlyList<DialogueValues> bad, Func<DialogueValues, double> read) =>
        Statistics.AreaUnderCurve([.. good.Select(read)], [.. bad.Select(read)]);
}
