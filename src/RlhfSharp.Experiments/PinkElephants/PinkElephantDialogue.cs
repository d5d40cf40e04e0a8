using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A dialogue of the pink-elephant task with a good and a bad answer.</summary>
/// <remarks>After Castricato et al. 2024, https://arxiv.org/abs/2402.07896: an instruction forbids to mention one thing (the pink elephant) and welcomes
/// another. Where nothing forbids it, the good answer does mention the thing: a model must not learn to be silent about it at all times.</remarks>
public sealed record PinkElephantDialogue
{
    /// <summary>Gets a name that is unique in its data set.</summary>
    public required string Id { get; init; }

    /// <summary>Gets what the two things are, for instance <c>drinks</c>.</summary>
    public required string Topic { get; init; }

    /// <summary>Gets the thing that must not be mentioned, if <see cref="Instruction"/> says so.</summary>
    public required string Avoid { get; init; }

    /// <summary>Gets the thing that may be spoken of instead.</summary>
    public required string Prefer { get; init; }

    /// <summary>Gets other names of the thing that must not be mentioned.</summary>
    public IReadOnlyList<string> AvoidAliases { get; init; } = [];

    /// <summary>Gets other names of the thing that may be spoken of.</summary>
    public IReadOnlyList<string> PreferAliases { get; init; } = [];

    /// <summary>Gets what the instruction is about.</summary>
    public required InstructionKind Instruction { get; init; }

    /// <summary>Gets the turns up to the answer.</summary>
    public required IReadOnlyList<ChatMessage> Prompt { get; init; }

    /// <summary>Gets the good answer.</summary>
    public required string Chosen { get; init; }

    /// <summary>Gets the bad answer.</summary>
    public required string Rejected { get; init; }

    /// <summary>Gets a name of the two things in any order: what must not be separated by a split.</summary>
    public string Pair => string.CompareOrdinal(Avoid, Prefer) < 0 ? $"{Avoid}|{Prefer}" : $"{Prefer}|{Avoid}";
}
