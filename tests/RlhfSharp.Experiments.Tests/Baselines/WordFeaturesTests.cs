using RlhfSharp.Experiments.Baselines;

namespace RlhfSharp.Experiments.Tests.Baselines;

public sealed class WordFeaturesTests
{
    // "yes" and "no" occur in two answers, "once" in one: the vocabulary is no = 0, yes = 1.
    private static readonly WordFeatures Features = new([new("Yes yes, once", "no"), new("YES!", "No.")]);

    [Fact]
    public void Count_WordOfOneAnswer_IsLeftOut() => Assert.Equal(2, Features.Count);

    [Fact]
    public void Describe_Pair_IsTheDifferenceOfLogCounts() =>
        Assert.Equal([(0, -Math.Log(2)), (1, Math.Log(4) - Math.Log(2))], Features.Describe(new("yes YES-yes once", "no, yes new")));

    [Fact]
    public void Describe_EqualCounts_AreNotListed() => Assert.Empty(Features.Describe(new("yes no", "No yes")));

    [Fact]
    public void Describe_AnswersExchanged_ChangesAllSigns() => Assert.Equal(
        Features.Describe(new("yes yes", "no")).Select(entry => (entry.Word, -entry.Value)), Features.Describe(new("no", "yes yes")));
}
