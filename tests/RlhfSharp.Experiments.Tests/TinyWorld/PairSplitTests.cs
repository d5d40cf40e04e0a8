using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class PairSplitTests
{
    private static readonly PairSplit Split = PairSplit.Instance;

    [Fact]
    public void Pairs_AreAtLeastSixHundredInThreePartsThatShareNone()
    {
        EntityPair[] all = [.. Split.Training, .. Split.Validation, .. Split.Evaluation];

        Assert.Equal((520, 60, 60), (Split.Training.Count, Split.Validation.Count, Split.Evaluation.Count));
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void EveryThing_OccursInATrainingPair()
    {
        var trained = Split.Training.SelectMany(pair => new[] { pair.First, pair.Second }).ToHashSet();

        Assert.All(Lexicon.Topics.SelectMany(topic => topic.Entities), entity => Assert.Contains(entity, trained));
    }

    [Fact]
    public void Pretraining_HasEveryPairButTheHeldOutOnes()
    {
        // 20 topics of 22·21/2 = 231 pairs, six of each held out.
        Assert.Equal(20 * (231 - 6), Split.Pretraining.Distinct().Count());
        Assert.Empty(Split.Pretraining.Intersect([.. Split.Validation, .. Split.Evaluation]));
        Assert.All(Split.Evaluation, pair => Assert.True(Split.IsHeldOut(pair.Topic, pair.Second, pair.First)));
        Assert.All(Split.Training, pair => Assert.False(Split.IsHeldOut(pair.Topic, pair.First, pair.Second)));
    }
}
