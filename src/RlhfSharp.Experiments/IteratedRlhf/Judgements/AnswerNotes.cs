namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What a reader notes about an answer of the built-in world before judging it.</summary>
internal sealed record AnswerNotes
{
    /// <summary>Gets how often the thing is named that must not be, in any form and in any sentence.</summary>
    public int Forbidden { get; init; }

    /// <summary>Gets how well the thing that the answer is about fits.</summary>
    /// <value>1 for what was welcomed or asked about, less for what fits less, 0 where no readable sentence names a thing.</value>
    public double Fit { get; init; }

    /// <summary>Gets how many more things of the topic the readable sentences name than the one that the answer is about.</summary>
    public int Digressions { get; init; }

    /// <summary>Gets whether the readable sentences take up the occasion of the question.</summary>
    public Occasion Occasion { get; init; }

    /// <summary>Gets how many different qualities the readable sentences give.</summary>
    public int Qualities { get; init; }

    /// <summary>Gets how many qualities they give and deny.</summary>
    public int Contradictions { get; init; }

    /// <summary>Gets whether they say where the thing is found.</summary>
    public bool TellsPlace { get; init; }

    /// <summary>Gets the number of words, of all sentences.</summary>
    public int Words { get; init; }

    /// <summary>Gets the share of the words that stand in readable sentences: whole ones that the world's grammar could have written about the topic.</summary>
    /// <value>From 0 to 1.</value>
    public double Readable { get; init; }

    /// <summary>Gets the share of the sentences that were said before, word by word.</summary>
    /// <value>From 0 to below 1.</value>
    public double Repeated { get; init; }

    /// <summary>Gets whether the last sentence is a whole one.</summary>
    public bool IsFinished { get; init; }
}
