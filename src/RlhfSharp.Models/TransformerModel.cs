using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Heads;
using static TorchSharp.torch;

namespace RlhfSharp.Models;

/// <summary>A backbone with its parameters, and the heads that were put on it. What its hidden states are for, the derived classes know.</summary>
public abstract class TransformerModel : IDisposable
{
    private readonly List<Head> _heads = [];

    private protected TransformerModel(ModelConfig config, ParameterSet parameters) => (Config, Parameters) = (config, parameters);

    /// <summary>Gets the configuration.</summary>
    public ModelConfig Config { get; }

    /// <summary>Gets the parameters that lie in the model's own file: the backbone's and those of the output layer or the classifier.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Gets the network.</summary>
    public abstract Backbone Backbone { get; }

    /// <summary>Gets the adapter; null where there is none.</summary>
    public LoraAdapter? Adapter => Parameters.Adapter;

    /// <summary>Gets or sets whether training keeps of each block no more than what went into it, and computes the block again in the backward pass.</summary>
    /// <value>False by default. The gradients are the same; the memory of activations hardly grows with the number of blocks, and a step takes about a third longer.</value>
    /// <remarks>The dispose scope in which a forward pass ran must live until its backward pass is done: positions and masks are used again.</remarks>
    public bool GradientCheckpointing
    {
        get => Backbone.GradientCheckpointing;
        set => Backbone.GradientCheckpointing = value;
    }

    /// <summary>Gets the heads.</summary>
    public IReadOnlyList<Head> Heads => _heads;

    /// <summary>Gets the parameters of the model, of its adapter and of its heads.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> AllParameters => Parameters.Tensors.Concat(Adapter?.Parameters.Tensors ?? []).Concat(_heads.SelectMany(head => head.Parameters.Tensors));

    /// <summary>Gets the number of parameters that lie in the model's own file.</summary>
    public long ParameterCount => Parameters.Tensors.Sum(parameter => parameter.Value.numel());

    /// <summary>Gets where the parameters live.</summary>
    public Device Device => Parameters.Tensors.First().Value.device;

    /// <summary>Gets the element type of the parameters.</summary>
    public ScalarType Type => Parameters.Tensors.First().Value.dtype;

    /// <summary>Puts an adapter on the model, which takes ownership: the model's own parameters stay as they are from now on, except those that the adapter
    /// names.</summary>
    /// <param name="adapter">The adapter; null takes the present one off without disposing of it, and lets all parameters train again.</param>
    public void Attach(LoraAdapter? adapter)
    {
        Parameters.Adapter = adapter;
        foreach (var (name, parameter) in Parameters.Tensors)
        {
            parameter.requires_grad_(adapter is null || adapter.SavedNames.Contains(name));
        }
        var isCheckpointed = GradientCheckpointing;
        Rebuild();
        GradientCheckpointing = isCheckpointed;
    }

    /// <summary>Puts a head on the model, which takes ownership.</summary>
    /// <param name="head">The head.</param>
    public void Add(Head head) => _heads.Add(head);

    /// <summary>Finds a head.</summary>
    /// <typeparam name="THead">Its kind.</typeparam>
    /// <returns>The head, or null.</returns>
    public THead? Head<THead>()
        where THead : Head => _heads.OfType<THead>().SingleOrDefault();

    /// <summary>Computes hidden states of whole sequences.</summary>
    /// <param name="rows">Token ids of each sequence, without padding.</param>
    /// <returns><c>[tokens of all rows, hidden]</c>, row after row.</returns>
    public Tensor HiddenStates(IReadOnlyList<IReadOnlyList<int>> rows)
    {
        var tokens = tensor(rows.SelectMany(row => row).Select(id => (long)id).ToArray(), device: Device);
        return Backbone.Forward(tokens, [.. rows.Select(row => row.Count)]);
    }

    /// <summary>Counts what a block of a training step takes, as parameters are frozen or not by now.</summary>
    /// <param name="layer">The block, from 0.</param>
    /// <param name="lengths">The number of tokens of each sequence of a forward pass, at least one.</param>
    /// <returns>Numbers, not bytes. A block that neither trains nor passes a gradient on keeps none.</returns>
    public BlockMemory CountBlock(int layer, IReadOnlyList<int> lengths) =>
        Config.Count(new BlockCounter(Parameters, lengths), layer) is var block && Backbone.NeedsGradients(layer) ? block : block with { Kept = 0, Passing = 0 };

    /// <summary>Builds the network again, over the parameters and the adapter as they are.</summary>
    private protected abstract void Rebuild();

    /// <inheritdoc/>
    public void Dispose()
    {
        Adapter?.Dispose();
        Parameters.Dispose();
        foreach (var head in _heads)
        {
            head.Dispose();
        }
        GC.SuppressFinalize(this);
    }
}
