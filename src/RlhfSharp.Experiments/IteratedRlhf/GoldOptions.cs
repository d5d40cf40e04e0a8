namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The gold reward model, which stands in for people; recipe section <c>gold</c>.</summary>
public sealed record GoldOptions
{
    /// <summary>Gets the reward model: a checkpoint or a run.</summary>
    public required string Path { get; init; }

    /// <summary>Gets how dialogues are written out for it.</summary>
    /// <value>The name of a chat format; null, the default, means the one that the checkpoint names.</value>
    public string? Format { get; init; }
}
