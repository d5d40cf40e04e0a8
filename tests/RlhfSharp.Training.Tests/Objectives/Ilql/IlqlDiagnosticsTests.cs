using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Training.Tests.Objectives;

public sealed class IlqlDiagnosticsTests
{
    // A good and a bad answer of ten tokens; V tells them apart from the seventh of its eleven states on, Q only at the end.
    [Fact]
    public void Measure_RewardFeltInTheSecondHalf_ShowsWhere()
    {
        var good = Answer(Enumerable.Range(0, 11).Select(state => state >= 6 ? 1.0 : 0), lastQ: 2);
        var bad = Answer(Enumerable.Repeat(0.0, 11), lastQ: 1);

        var metrics = IlqlDiagnostics.Measure([good, good], [bad]);

        Assert.Equal(1, metrics["diagnostics/q_last_auc"]);
        Assert.Equal(0.5, metrics["diagnostics/v_auc@0"]);     // all alike: a coin
        Assert.Equal(0.5, metrics["diagnostics/v_auc@0.5"]);   // the sixth state
        Assert.Equal(1, metrics["diagnostics/v_auc@1"]);
        Assert.Equal(5 / 11.0, metrics["diagnostics/v_separated_share"], 1e-12);
        Assert.Equal(5, metrics.Count);
    }

    // Three good against two bad last Q: of six pairs the good one wins 3, ties 1, loses 2.
    [Fact]
    public void Measure_Overlap_IsTheShareOfPairsWonWithTiesAsHalves()
    {
        List<DialogueValues> good = [Answer([0, 0], 3), Answer([0, 0], 2), Answer([0, 0], 0)];
        List<DialogueValues> bad = [Answer([0, 0], 1), Answer([0, 0], 2)];
        Assert.Equal(3.5 / 6, IlqlDiagnostics.Measure(good, bad)["diagnostics/q_last_auc"], 1e-12);
    }

    [Fact]
    public void Measure_AnswersOfDifferentLength_AreComparedAtTheSamePlace()
    {
        // V is the share of the answer that is written, and 0.1 more in good answers: apart at every place.
        List<DialogueValues> good = [Answer([0.1, 0.6, 1.1], 0), Answer([0.1, 1.1], 0)];
        List<DialogueValues> bad = [Answer([0, 0.5, 1], 0)];
        var metrics = IlqlDiagnostics.Measure(good, bad);
        Assert.Equal(1, metrics["diagnostics/v_auc@0"]);
        Assert.Equal(1, metrics["diagnostics/v_auc@1"]);
        Assert.Equal(0.5, metrics["diagnostics/q_last_auc"]);
    }

    private static DialogueValues Answer(IEnumerable<double> values, double lastQ)
    {
        var states = values.ToList();
        return new DialogueValues([.. Enumerable.Repeat(0.0, states.Count - 2), lastQ], states);
    }
}
