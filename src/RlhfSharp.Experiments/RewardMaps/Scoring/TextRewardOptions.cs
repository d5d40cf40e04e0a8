using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Rewards;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A reward that reads the text: a reward model, wherever it runs.</summary>
public abstract record TextRewardOptions : MapRewardOptions
{
    /// <summary>Gets what the model reads.</summary>
    /// <value>The default is bare.</value>
    public RewardTemplate Template { get; init; }

    /// <summary>Gets the request below the text; read by <c>template: suffix</c> only.</summary>
    /// <value>The default asks for a number from 1 to 10.</value>
    public string Suffix { get; init; } = "How good is the poem above, from 1 (worst) to 10 (best)?";

    /// <summary>Gets what stands as the prompt before every text; read by the templates <c>pair</c> and <c>dialogue</c> only. With one prompt for all, what was asked for cannot decide.</summary>
    /// <value>Null, the default, means the request of <c>start</c> with the labels asked for.</value>
    public string? Prompt { get; init; }

    /// <summary>Gets the model on this machine that is read; null where there is none.</summary>
    internal virtual string? ModelPath => null;

    /// <summary>Gets these options for one search; they differ where what scores is the planted taste itself.</summary>
    /// <param name="planted">The taste; null where none is planted.</param>
    /// <param name="seed">The seed of the search.</param>
    internal virtual TextRewardOptions For(PlantedTaste? planted, long seed) => this;

    /// <summary>Opens the scorer.</summary>
    /// <param name="folder">The run's folder, for what has to be kept.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InputException">A model cannot be loaded, or a setting is out of its range.</exception>
    internal abstract IScorer Open(string folder, Device device, TimeProvider time);
}
