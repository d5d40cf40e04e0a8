using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class AnswerScoresTests
{
    [Fact]
    public void Measure_FourAnswers_CountsThoseThatCount()
    {
        var scores = AnswerScores.Measure(
        [
            Answer(InstructionKind.Avoid, "a b", mentionsAvoid: true),
            Answer(InstructionKind.Avoid, "a b c", mentionsPrefer: true),
            Answer(InstructionKind.Avoid, "b c", mentionsPrefer: true, mentionsOther: true, isWellFormed: false),
            Answer(InstructionKind.None, "c d e", mentionsAvoid: true),
        ]);

        Assert.Equal(1 / 3.0, scores["mention_rate"].Value, 1e-12);
        Assert.Equal(1, scores["mention_rate_uninstructed"].Value);
        Assert.Equal(2 / 3.0, scores["on_topic"].Value, 1e-12);
        Assert.Equal(1 / 3.0, scores["other_entity"].Value, 1e-12);
        Assert.Equal(3 / 4.0, scores["well_formed"].Value);
        Assert.Equal(10 / 4.0, scores["length"].Value);
        Assert.Equal(4 / 6.0, scores["distinct_2"].Value, 1e-12);   // ab bc cd de of ab, ab bc, bc, cd de
        Assert.Equal(Statistics.Wilson(1, 3), scores["mention_rate"].Interval);
    }

    [Fact]
    public void Ratio_TwiceAsPerplexed_IsTwo()
    {
        double[] others = [1, 2, 3];
        string[] pairs = ["a", "b", "c"];

        Assert.Equal(1, AnswerLikelihood.Ratio(others, others, pairs).Value, 1e-12);
        Assert.Equal(2, AnswerLikelihood.Ratio([.. others.Select(loss => loss + Math.Log(2))], others, pairs).Value, 1e-12);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("one", 0)]
    [InlineData("one two  one\ntwo", 2 / 3.0)]   // one two, two one, one two
    public void Distinct2_OfOneText(string text, double expected) => Assert.Equal(expected, DistinctPairs.Of([text]), 1e-12);

    private static AnsweredDialogue Answer(
        InstructionKind kind, string text, bool mentionsAvoid = false, bool mentionsPrefer = false, bool mentionsOther = false, bool isWellFormed = true) => new(
        new PinkElephantDialogue { Id = text, Topic = "t", Avoid = $"x{text}", Prefer = "y", Instruction = kind, Prompt = [], Chosen = "", Rejected = "" },
        text,
        mentionsAvoid,
        mentionsPrefer,
        mentionsOther,
        isWellFormed);
}
