using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Heads;
using static TorchSharp.torch;

namespace RlhfSharp.Models;

/// <summary>A backbone with its output layer, and the heads that were put on it.</summary>
public sealed class LanguageModel : IDisposable
{
    private readonly List<Head> _heads = [];

    /// <summary>Initializes a model over its parameters.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="parameters">Those of <see cref="ModelConfig.Parameters"/>; the model takes ownership.</param>
    public LanguageModel(ModelConfig config, ParameterSet parameters)
    {
        (Config, Parameters) = (config, parameters);
        Backbone = config.Build(parameters);
    }

    /// <summary>Gets the configuration.</summary>
    public ModelConfig Config { get; }

    /// <summary>Gets the backbone's parameters, output layer included.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Gets the network.</summary>
    public Backbone Backbone { get; }

    /// <summary>Gets the heads.</summary>
    public IReadOnlyList<Head> Heads => _heads;

    /// <summary>Gets the parameters of the model and of its heads.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> AllParameters => Parameters.Tensors.Concat(_heads.SelectMany(head => head.Parameters.Tensors));

    /// <summary>Gets where the parameters live.</summary>
    public Device Device => Backbone.OutputWeight.device;

    /// <summary>Gets the element type of the parameters.</summary>
    public ScalarType Type => Backbone.OutputWeight.dtype;

    /// <summary>Draws a new model.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <returns>The model.</returns>
    public static LanguageModel Create(ModelConfig config, long seed, ScalarType type, Device device) =>
        new(config, ParameterSet.Create(config.Parameters(), seed, type, device));

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
        return Backbone.Forward(tokens, new SequenceAttention([.. rows.Select(row => row.Count)], Device));
    }

    /// <summary>Computes the scores of every token as the next one.</summary>
    /// <param name="hidden">Hidden states, <c>[tokens, hidden]</c>.</param>
    /// <returns><c>[tokens, vocabulary]</c>.</returns>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, Backbone.OutputWeight);

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        foreach (var head in _heads)
        {
            head.Dispose();
        }
    }
}
