using RlhfSharp.Experiments.Poems;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What the reward is known to like, so that what the map claims can be held against it; recipe section <c>planted</c>, chosen by its <c>kind</c>.</summary>
public abstract record PlantedOptions
{
    /// <summary>Gets the taste.</summary>
    /// <param name="seed">The seed of the map.</param>
    /// <exception cref="Models.Runtime.InputException">It cannot be read.</exception>
    internal abstract PlantedTaste TasteOf(long seed);
}
