using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>An axis of a reward map; an entry of the recipe's list <c>axes</c>, chosen by its <c>kind</c>.</summary>
public abstract record MapAxisOptions
{
    /// <summary>Gets the axis' name; templates write it in braces.</summary>
    [RegularExpression("[A-Za-z][A-Za-z0-9_-]*")]
    public required string Name { get; init; }

    /// <summary>Tells what is wrong with the settings by which the axis gets its bins.</summary>
    /// <param name="textsAreKnown">Whether the texts are there before the map begins, so that bins can be made to fit them.</param>
    /// <returns>The mistake, as the end of a sentence about the axis; null where there is none.</returns>
    internal abstract string? Mistake(bool textsAreKnown);

    /// <summary>Makes the bins that are to fit the texts.</summary>
    /// <param name="axis">Which label of a text is meant, from 0.</param>
    /// <param name="texts">All texts.</param>
    /// <returns>An axis whose bins are given; this one, if they were before.</returns>
    /// <exception cref="Models.Runtime.InputException">The texts do not fill two bins.</exception>
    internal abstract MapAxisOptions Settle(int axis, IReadOnlyList<KnownText> texts);
}
