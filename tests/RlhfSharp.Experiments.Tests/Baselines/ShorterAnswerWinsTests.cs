using RlhfSharp.Experiments.Baselines;

namespace RlhfSharp.Experiments.Tests.Baselines;

public sealed class ShorterAnswerWinsTests
{
    [Fact]
    public void Evaluate_ShorterLongerAndEqual_IsOneNoneAndHalf() =>
        Assert.Equal([1, 0, 0.5, 0.5], ShorterAnswerWins.Evaluate([new("ab", "abc"), new("abc", ""), new("abc", "xyz"), new("", "")]));

    [Fact]
    public void Evaluate_NoPairs_IsEmpty() => Assert.Empty(ShorterAnswerWins.Evaluate([]));
}
