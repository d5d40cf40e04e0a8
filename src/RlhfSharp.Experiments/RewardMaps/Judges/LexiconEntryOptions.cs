using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Words that are typical of a label.</summary>
public sealed record LexiconEntryOptions
{
    /// <summary>Gets the label, one of the axis'.</summary>
    public required string Label { get; init; }

    /// <summary>Gets the words; upper and lower case are the same.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Words { get; init; }
}
