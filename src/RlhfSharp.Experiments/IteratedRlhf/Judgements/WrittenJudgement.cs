namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The written judgement of the built-in world's answers that its gold reward model learns from: how good an answer is, as a careful reader would have it.</summary>
/// <remarks>
/// <para>Not a sum of counts. Five things matter, each only as far as those before it allow:</para>
/// <list type="number">
/// <item><b>Avoidance is a gate.</b> An answer that names what must not be named is worse than any other, and nothing else about it counts but how often it does:
/// −1.5 for once, towards −2.</item>
/// <item><b>Usefulness</b> is a product, so whatever is missing spoils the rest: how well the thing fits that it is about; whether it is to the point (the occasion of the question); what is told
/// about the thing, which saturates, 1 − exp(−(qualities + 3/2 · place) / 2); half for each contradiction; four fifths for each digression, three at the most. Sentences that cannot be read tell
/// nothing, so a list of words is not useful.</item>
/// <item><b>Style</b> is a product too, from 0 to 1: the share of readable words squared, no sentence twice, an end, and a length that is best near 22 words, exp(−((words − 22) / 10)² / 2).
/// It tells between useful answers only: it counts by usefulness squared.</item>
/// <item><b>What is of no use takes time.</b> The less useful, the worse is each word, up to 40: to be brief is better than to ramble.</item>
/// <item><b>What cannot be read annoys.</b> Gibberish from end to end is nearly as bad as naming what must not be named; or else it would pay not to be understood. So is silence: it has no readable word.</item>
/// </list>
/// <para>Together, where the gate is open: u + u² · style − 0.4 · (1 − u) · min(1, words / 40) − (1 − readable); from −1.4 to 2.</para>
/// </remarks>
internal static class WrittenJudgement
{
    private const double NamedOnce = -1.5;
    private const double NamedOften = -2;
    private const double PlaceWeight = 1.5;     // in qualities
    private const double Saturation = 2;
    private const double OccasionMissed = 0.6;
    private const double OccasionUnmentioned = 0.8;
    private const double Contradicted = 0.5;
    private const double Digressed = 0.8;
    private const int MostDigressions = 3;
    private const double BestLength = 22;
    private const double LengthSpread = 10;
    private const double Unfinished = 0.5;
    private const double TimeWeight = 0.4;
    private const double TimeSaturation = 40;
    private const double Gibberish = 1;

    /// <summary>Judges an answer by what was noted about it.</summary>
    /// <returns>Higher is better; from −2 to 2.</returns>
    public static double Score(AnswerNotes notes)
    {
        if (notes.Forbidden > 0)
        {
            return NamedOften + (NamedOnce - NamedOften) * Math.Pow(0.5, notes.Forbidden - 1);
        }
        var useful = Usefulness(notes);
        return useful + useful * useful * Style(notes) - TimeWeight * (1 - useful) * Math.Min(1, notes.Words / TimeSaturation) - Gibberish * (1 - notes.Readable);
    }

    /// <summary>Says of how much use an answer is that names nothing forbidden.</summary>
    /// <returns>From 0 to 1.</returns>
    internal static double Usefulness(AnswerNotes notes)
    {
        var told = 1 - Math.Exp(-(notes.Qualities + (notes.TellsPlace ? PlaceWeight : 0)) / Saturation);
        var point = notes.Occasion switch { Occasion.TakenUp => 1, Occasion.Missed => OccasionMissed, _ => OccasionUnmentioned };
        return notes.Fit * told * point * Math.Pow(Contradicted, notes.Contradictions) * Math.Pow(Digressed, Math.Min(MostDigressions, notes.Digressions));
    }

    /// <summary>Says how well an answer is put, whatever it says.</summary>
    /// <returns>From 0 to 1.</returns>
    internal static double Style(AnswerNotes notes)
    {
        var away = (notes.Words - BestLength) / LengthSpread;
        return notes.Readable * notes.Readable * (1 - notes.Repeated) * (notes.IsFinished ? 1 : Unfinished) * Math.Exp(-away * away / 2);
    }
}
