using RlhfSharp.Experiments.Sweeps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Sweeps;

public sealed class TrialScoreTests
{
    private static readonly SweepOptions Sweep = new()
    {
        Method = SweepMethod.Random,
        Trials = 1,
        Metric = "mentions",
        Goal = SweepGoal.Minimize,
        Parameters = new Dictionary<string, SweepParameterOptions>(),
        Bars = [new SweepBarOptions { Metric = "free", AtLeast = 0.8, OfStart = "free@0" }, new SweepBarOptions { Metric = "length", AtMost = 20 }],
    };

    // The bound is 0.8 · 0.9 = 0.72, of which 0.36 is half; 25 is a quarter more than 20.
    [Theory]
    [InlineData(0.72, 20, 0)]
    [InlineData(0.36, 20, 0.5)]
    [InlineData(0.36, 25, 0.75)]
    public void Of_Bars_ShortfallsAreRelativeToTheBound(double free, double length, double expected)
    {
        var score = Score(0.1, free, length);

        Assert.Equal(expected, score.Shortfall, 1e-12);
        Assert.Equal(expected == 0, score.MeetsBars);
    }

    [Fact]
    public void Of_SeveralRuns_AreAveraged()
    {
        var start = Metrics(("free@0", 0.9));
        var score = TrialScore.Of(Sweep, 5, [(start, Metrics(("mentions", 0.1), ("free", 0.7), ("length", 10))), (start, Metrics(("mentions", 0.3), ("free", 0.9), ("length", 30)))]);

        Assert.Equal((0.2, true), (score.Value, score.MeetsBars));
    }

    [Fact]
    public void Of_MetricThatIsNotThere_NamesThoseThatAre()
    {
        var exception = Assert.Throws<InputException>(() => TrialScore.Of(Sweep, 5, [(Metrics(("free@0", 1)), Metrics(("mention", 0.1), ("free", 1), ("length", 1)))]));

        Assert.StartsWith("'mentions' was not measured, or is no number, at step 5. Did you mean 'mention'?", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranked_Trials_BarsComeBeforeTheMetricAndFailuresLast()
    {
        TrialResult Done(int index, params TrialScore[] scores) => new(new SweepTrial(index, [], null, null), TrialStatus.Done, scores, null);
        var silent = Done(0, Score(0, 0, 10));
        var good = Done(1, Score(0.1, 0.8, 10));
        var better = Done(2, Score(0.05, 0.8, 10));
        var further = Done(3, Score(0.6, 0.8, 10), Score(0.5, 0.8, 10));
        var nearly = Done(4, Score(0.2, 0.7, 10));
        var failed = new TrialResult(new SweepTrial(5, [], null, null), TrialStatus.Failed, [], "diverged");

        var ranked = TrialResult.Ranked([failed, silent, good, better, further, nearly], SweepGoal.Minimize);

        Assert.Equal([3, 2, 1, 4, 0, 5], ranked.Select(result => result.Trial.Index));
        Assert.Equal([1, 2], TrialResult.Ranked([better, good], SweepGoal.Maximize).Select(result => result.Trial.Index));
    }

    private static TrialScore Score(double mentions, double free, double length) =>
        TrialScore.Of(Sweep, 5, [(Metrics(("free@0", 0.9)), Metrics(("mentions", mentions), ("free", free), ("length", length)))]);

    private static OrderedDictionary<string, double> Metrics(params (string Name, double Value)[] metrics) =>
        new(metrics.Select(metric => KeyValuePair.Create(metric.Name, metric.Value)));
}
