namespace RlhfSharp.Experiments.Poems;

/// <summary>What a genre and a tone are worth together, beyond what each is worth alone.</summary>
public sealed record TogetherEffect
{
    /// <summary>Gets the genre, for instance <c>ballad</c>.</summary>
    public required string Genre { get; init; }

    /// <summary>Gets the tone, for instance <c>romantic</c>.</summary>
    public required string Tone { get; init; }

    /// <summary>Gets the effect, in units of the reward; 0 where a map is asked whether it claims one that is not there.</summary>
    public required double Effect { get; init; }
}
