using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Who writes the texts; recipe section <c>generator</c>, chosen by its <c>kind</c>.</summary>
public abstract record MapGeneratorOptions
{
    /// <summary>Gets the model on this machine that writes; null where there is none.</summary>
    internal virtual string? ModelPath => null;

    /// <summary>Gets a value indicating whether the texts are there before the map begins.</summary>
    internal virtual bool KnowsTexts => false;

    /// <summary>Gets the files and folders that are read, which a run must not be written over.</summary>
    internal virtual IEnumerable<string> Inputs => ModelPath is { } path ? [path] : [];

    /// <summary>Fills in what follows from texts that are known: the number of steps, and bins that are to fit them.</summary>
    /// <param name="recipe">The recipe this belongs to.</param>
    /// <returns>The recipe to run, and to keep with the run.</returns>
    /// <exception cref="InputException">The texts cannot be read, or do not fill the axes.</exception>
    internal virtual MapRecipe Settle(MapRecipe recipe) => recipe;

    /// <summary>Gets the texts that are known, of a settled recipe; null where they are yet to be written.</summary>
    /// <exception cref="InputException">The texts cannot be read, or are others than when the recipe was settled.</exception>
    internal virtual IReadOnlyList<KnownText>? Texts(MapRecipe recipe) => null;

    /// <summary>Opens the generator.</summary>
    /// <param name="folder">The run's folder, for what has to be kept.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InputException">A model cannot be loaded, or a setting is out of its range.</exception>
    internal abstract ITextWriter Open(string folder, Device device, TimeProvider time);
}
