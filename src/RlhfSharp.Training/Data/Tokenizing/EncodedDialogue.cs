namespace RlhfSharp.Training.Data;

/// <summary>A dialogue as tokens before it is cut to length, with the places that decide where it may be cut.</summary>
internal sealed record EncodedDialogue
{
    /// <summary>Gets the token ids; the last one belongs to an answer.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Gets which tokens the model produced.</summary>
    public required bool[] IsAnswer { get; init; }

    /// <summary>Gets the answers that count, in order.</summary>
    public required IReadOnlyList<EncodedAnswer> Answers { get; init; }

    /// <summary>Gets where exchanges (what the person says, then the answer) begin, ascending, the one of the last user turn included.</summary>
    public required IReadOnlyList<int> Borders { get; init; }

    /// <summary>Gets the first token that must stay: the beginning of the last answer, or the length when nothing must.</summary>
    public required int MustKeepFrom { get; init; }

    /// <summary>Gets a value indicating whether the token that begins a text goes in front of it.</summary>
    public required bool IsBehindBos { get; init; }

    /// <summary>Gets a value indicating whether this is plain text, all of which is answer but a first token that follows nothing.</summary>
    public bool IsPlainText { get; init; }
}
