using CsCheck;
using RlhfSharp.Experiments.IteratedRlhf;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf.Judgements;

/// <summary>The judgement's rules: what counts, and only as far as what comes before it allows.</summary>
public sealed class WrittenJudgementTests
{
    // About the right thing, to the point, two qualities and a place: u = 1 − e^(−1.75) = 0.826226. In 22 words, all of them readable: style = 1.
    private static readonly AnswerNotes Good = new()
    {
        Fit = 1,
        Occasion = Occasion.TakenUp,
        Qualities = 2,
        TellsPlace = true,
        Words = 22,
        Readable = 1,
        IsFinished = true,
    };

    private static readonly Gen<AnswerNotes> Notes =
        from forbidden in Gen.Int[0, 4]
        from fit in Gen.Double[0, 1]
        from digressions in Gen.Int[0, 6]
        from occasion in Gen.Int[0, 2]
        from qualities in Gen.Int[0, 9]
        from contradictions in Gen.Int[0, 3]
        from tellsPlace in Gen.Bool
        from words in Gen.Int[0, 120]
        from readable in Gen.Double[0, 1]
        from repeated in Gen.Double[0, 0.9]
        from isFinished in Gen.Bool
        select new AnswerNotes
        {
            Forbidden = forbidden,
            Fit = fit,
            Digressions = digressions,
            Occasion = (Occasion)occasion,
            Qualities = qualities,
            Contradictions = contradictions,
            TellsPlace = tellsPlace,
            Words = words,
            Readable = readable,
            Repeated = repeated,
            IsFinished = isFinished,
        };

    [Fact]   // 0.826226 + 0.682649 − 0.4 · 0.173774 · 22 / 40
    public void Score_GoodAnswer_EqualsValueWorkedOutByHand() => Assert.Equal(1.470645, WrittenJudgement.Score(Good), 1e-5);

    [Theory]
    [InlineData(1, -1.5)]
    [InlineData(2, -1.75)]
    [InlineData(3, -1.875)]
    public void Score_ForbiddenThing_IsAGateThatNothingOpens(int times, double expected) => Notes.Sample(
        notes => Assert.Equal(expected, WrittenJudgement.Score(notes with { Forbidden = times }), 1e-12));

    [Fact]
    public void Score_AnythingAllowed_IsAboveAnythingForbidden() => Notes.Sample(notes =>
        Assert.InRange(WrittenJudgement.Score(notes with { Forbidden = 0 }), -1.4, 2));

    [Fact]
    public void Score_AnswerAboutNothing_DependsOnItsLengthAndReadability() => Notes.Sample(notes =>
        Assert.Equal(-0.4 * Math.Min(1, notes.Words / 40.0) - (1 - notes.Readable), WrittenJudgement.Score(notes with { Forbidden = 0, Fit = 0 }), 1e-12));

    [Fact]   // what style is worth depends on the use: u² of it
    public void Score_Style_CountsByUsefulnessSquared() => Notes.Sample(notes =>
    {
        var (with, without) = (notes with { Forbidden = 0, Readable = 1 }, notes with { Forbidden = 0, Readable = 0 });
        var useful = WrittenJudgement.Usefulness(with);

        Assert.Equal(1 + useful * useful * WrittenJudgement.Style(with), WrittenJudgement.Score(with) - WrittenJudgement.Score(without), 1e-12);   // 1 for what cannot be read
    });

    [Fact]
    public void Score_MoreQualities_AddLessAndLess()
    {
        var gains = Enumerable.Range(0, 5).Select(count => WrittenJudgement.Score(Good with { Qualities = count + 1 }) - WrittenJudgement.Score(Good with { Qualities = count })).ToList();

        Assert.All(gains.Zip(gains.Skip(1)), pair => Assert.True(pair.First > pair.Second && pair.Second > 0));
    }

    [Theory]   // the same difference is worth more in an answer that is better otherwise: no sum of parts has that
    [InlineData(0.4)]
    [InlineData(0.5)]
    public void Score_Place_IsWorthMoreAboutTheRightThing(double fit)
    {
        static double Worth(AnswerNotes notes) => WrittenJudgement.Score(notes with { TellsPlace = true }) - WrittenJudgement.Score(notes with { TellsPlace = false });

        Assert.True(Worth(Good) > 1.5 * Worth(Good with { Fit = fit }));
    }

    [Fact]
    public void Score_Length_HasAnOptimum()
    {
        double At(int words) => WrittenJudgement.Score(Good with { Words = words });

        Assert.Equal(22, Enumerable.Range(1, 80).MaxBy(At), 1.0);
        Assert.True(At(22) > At(12) && At(12) > At(5) && At(22) > At(35) && At(35) > At(60));
    }

    [Theory]
    [InlineData(nameof(AnswerNotes.Contradictions))]
    [InlineData(nameof(AnswerNotes.Digressions))]
    [InlineData(nameof(AnswerNotes.Occasion))]
    [InlineData(nameof(AnswerNotes.Repeated))]
    [InlineData(nameof(AnswerNotes.Readable))]
    [InlineData(nameof(AnswerNotes.IsFinished))]
    public void Score_Fault_CostsAGoodAnswerSomething(string fault)
    {
        var faulty = fault switch
        {
            nameof(AnswerNotes.Contradictions) => Good with { Contradictions = 1 },
            nameof(AnswerNotes.Digressions) => Good with { Digressions = 1 },
            nameof(AnswerNotes.Occasion) => Good with { Occasion = Occasion.Missed },
            nameof(AnswerNotes.Repeated) => Good with { Repeated = 0.25 },
            nameof(AnswerNotes.Readable) => Good with { Readable = 0.7 },
            _ => Good with { IsFinished = false },
        };

        Assert.True(WrittenJudgement.Score(faulty) < WrittenJudgement.Score(Good) - 0.1);
    }
}
