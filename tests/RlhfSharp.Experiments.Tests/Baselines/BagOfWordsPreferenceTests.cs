using RlhfSharp.Experiments.Baselines;

namespace RlhfSharp.Experiments.Tests.Baselines;

public sealed class BagOfWordsPreferenceTests
{
    // People who always prefer the answer that says please; the number in each answer carries nothing.
    private static readonly AnswerPair[] Polite = [.. Enumerable.Range(0, 60).Select(i => new AnswerPair($"Please, take {i % 7}", $"take {i % 5}"))];

    [Fact]
    public void Evaluate_WordThatDecides_IsLearned() =>
        Assert.Equal([1, 0, 0.5], BagOfWordsPreference.Evaluate(Polite, [new("please go", "go"), new("go", "please go"), new("go", "run")], seed: 0));

    [Fact]
    public void Evaluate_NoTraining_IsAllTies() => Assert.Equal([0.5], BagOfWordsPreference.Evaluate([], [new("a", "b")], seed: 0));

    [Fact]
    public void Evaluate_OnePair_IsLearnedWithTheStrongestPenalty() =>
        Assert.Equal([0.5], BagOfWordsPreference.Evaluate([new("please", "go")], [new("please", "go")], seed: 0));

    [Fact]
    public void Evaluate_Twice_IsEqual() =>
        Assert.Equal(BagOfWordsPreference.Evaluate(Polite, Polite, seed: 3), BagOfWordsPreference.Evaluate(Polite, Polite, seed: 3));

    [Fact]
    public void ChoosePenalty_WordThatDecides_IsTheWeakest() =>
        Assert.Equal(BagOfWordsPreference.Penalties[^1], BagOfWordsPreference.ChoosePenalty(Polite, seed: 0));

    // Every answer is chosen once and rejected once: whatever is learned is noise.
    [Fact]
    public void ChoosePenalty_NothingToLearn_IsTheStrongest()
    {
        var noise = Enumerable.Range(0, 40).SelectMany(i => new[] { new AnswerPair($"a{i % 4}", $"b{i % 3}"), new AnswerPair($"b{i % 3}", $"a{i % 4}") });

        Assert.Equal(BagOfWordsPreference.Penalties[0], BagOfWordsPreference.ChoosePenalty([.. noise], seed: 0));
    }
}
