using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Who writes the texts; recipe section <c>generator</c>, chosen by its <c>kind</c>.</summary>
public abstract record MapGeneratorOptions
{
    /// <summary>Gets the model on this machine that writes; null where there is none.</summary>
    internal virtual string? ModelPath => null;

    /// <summary>Opens the generator.</summary>
    /// <param name="folder">The run's folder, for what has to be kept.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InputException">A model cannot be loaded, or a setting is out of its range.</exception>
    internal abstract ITextWriter Open(string folder, Device device, TimeProvider time);
}
