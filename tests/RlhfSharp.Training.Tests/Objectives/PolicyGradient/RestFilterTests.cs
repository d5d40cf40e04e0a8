using CsCheck;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Training.Tests.Objectives.PolicyGradient;

public sealed class RestFilterTests
{
    private static readonly double[][] Groups = [[0, 1, 2, 3, 4], [4, 4, 8, 4, 4], [0, 0, 0, 0, 0], [6, 6, 6, 6, 6]];

    [Theory]
    // Brought to 0..1 the rewards are eighths: more than half is more than 4.
    [InlineData(RestSelection.Global, 0.5, "00000 00100 00000 11111")]
    [InlineData(RestSelection.Global, 0, "11111 11111 11111 11111")]
    // Medians 2, 4, 0, 6. The third prompt has the worst reward of all and nothing else.
    [InlineData(RestSelection.Percentile, 0.5, "00111 11111 00000 11111")]
    // Between the two best of five, at three quarters and at all: 3 + 0.6·1.
    [InlineData(RestSelection.Percentile, 0.9, "00001 00100 00000 11111")]
    // Half way from the mean to the best: 3, 6.4.
    [InlineData(RestSelection.Gamma, 0.5, "00011 00100 00000 11111")]
    [InlineData(RestSelection.Best, 0.3, "00001 00100 00000 10000")]
    public void Keep_WorkedOutByHand(RestSelection selection, double threshold, string expected) =>
        Assert.Equal(expected, string.Join(' ', RestFilter.Keep(Groups, selection, threshold).Select(group => string.Concat(group.Select(isKept => isKept ? '1' : '0')))));

    [Theory]
    [InlineData(0, "4-0 2-0 - -")]     // gaps 4, 4, 0, 0: ties are dropped
    [InlineData(0.5, "4-0 2-0 - -")]
    [InlineData(1, "4-0 2-0 - -")]     // the largest gap always stays: an Improve step with nothing to learn from helps nobody
    public void Pairs_WorkedOutByHand(double threshold, string expected) =>
        Assert.Equal(expected, string.Join(' ', RestFilter.Pairs(Groups, threshold).Select(pair => pair is var (best, worst) ? $"{best}-{worst}" : "-")));

    [Fact]
    public void Pairs_SmallGap_IsDroppedAsTheThresholdRises() => Assert.Equal(
        [null, (0, 1)], RestFilter.Pairs([[1, 0.5], [3, 0]], threshold: 0.2).Select(pair => ((int, int)?)pair));

    [Fact]   // rising thresholds keep subsets of subsets
    public void Keep_HigherThreshold_KeepsNothingNew() =>
        Gen.Select(Gen.Double[0, 1].Array[4].Array[1, 6], Gen.Enum<RestSelection>(), Gen.Double[0, 1], Gen.Double[0, 1]).Sample((groups, selection, one, other) =>
        {
            var (low, high) = (RestFilter.Keep(groups, selection, Math.Min(one, other)), RestFilter.Keep(groups, selection, Math.Max(one, other)));
            Assert.All(low.Zip(high), group => Assert.All(group.First.Zip(group.Second), kept => Assert.True(kept.First || !kept.Second)));
        });
}
