namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A text that was written, judged and scored. Nothing in it ever changes.</summary>
internal sealed record MapSolution
{
    /// <summary>Gets the number of the evaluation, from 0.</summary>
    public required long Id { get; init; }

    /// <summary>Gets the step, from 0.</summary>
    public required int Step { get; init; }

    /// <summary>Gets the kind of the operator that asked for it.</summary>
    public required string Operator { get; init; }

    /// <summary>Gets the ids of the texts it was made of; each is lower than its own.</summary>
    public required IReadOnlyList<long> Parents { get; init; }

    /// <summary>Gets the label asked for on each axis, <c>[axes]</c>; null on axes that are measured.</summary>
    public required IReadOnlyList<string?> Requested { get; init; }

    /// <summary>Gets the label found on each axis, <c>[axes]</c>; null without a judge, or where it found none.</summary>
    public required IReadOnlyList<string?> Judged { get; init; }

    /// <summary>Gets a hash of the prompt, by which a resumed run notices that its recipe has changed.</summary>
    public required string PromptHash { get; init; }

    /// <summary>Gets the text, without white space at its ends.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the scores, <c>[rewards]</c>; NaN where there is none.</summary>
    public required IReadOnlyList<double> Rewards { get; init; }

    /// <summary>Gets the names of the rewards whose model read only the first lines, for the text is longer than its context.</summary>
    public IReadOnlyList<string> Cut { get; init; } = [];

    /// <summary>Gets what makes texts alike besides descent, for instance the author; null for nothing.</summary>
    public string? Group { get; init; }

    /// <summary>Gets the label by which a prompt calls it: the judged one where there is one.</summary>
    public string? LabelOn(int axis) => Judged[axis] ?? Requested[axis];
}
