using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models;

/// <summary>A causal backbone with its output layer: it says what comes next.</summary>
public sealed class LanguageModel : TransformerModel
{
    private CausalBackbone _backbone;
    private Linear _output;

    /// <summary>Initializes a model over its parameters.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="parameters">Those of <see cref="ModelConfig.Parameters"/>; the model takes ownership.</param>
    /// <exception cref="InputException">The family is one of encoders, which have no next token.</exception>
    public LanguageModel(ModelConfig config, ParameterSet parameters)
        : base(config, parameters)
    {
        _backbone = config.Build(parameters) as CausalBackbone
            ?? throw config.File.Error("model_type", "names an encoder, which gives no next token; only a classifier can be loaded from it");
        OutputWeight = parameters[config.OutputWeightName!];
        _output = new Linear(parameters, config.OutputLayerName!);
    }

    /// <inheritdoc/>
    public override CausalBackbone Backbone => _backbone;

    /// <summary>Gets the output layer's weight, <c>[vocabulary, hidden]</c>: the input embedding where the two are tied.</summary>
    public Tensor OutputWeight { get; }

    /// <summary>Draws a new model.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <returns>The model.</returns>
    public static LanguageModel Create(ModelConfig config, long seed, ScalarType type, Device device) =>
        new(config, ParameterSet.Create(config.Parameters(), seed, type, device));

    /// <summary>Makes a copy that does not train, without adapter and heads.</summary>
    /// <returns>The copy, with memory of its own.</returns>
    public LanguageModel Copy()
    {
        var parameters = new ParameterSet();
        foreach (var (name, tensor) in Parameters.Tensors)
        {
            using var scope = NewDisposeScope();
            parameters.Add(name, tensor.detach().clone());
            parameters[name].requires_grad_(false);
        }
        return new LanguageModel(Config, parameters);
    }

    /// <summary>Computes the scores of every token as the next one.</summary>
    /// <param name="hidden">Hidden states, <c>[tokens, hidden]</c>.</param>
    /// <returns><c>[tokens, vocabulary]</c>.</returns>
    public Tensor Logits(Tensor hidden) => _output.Forward(hidden);

    /// <summary>Gets two matrices whose product features·weightᵀ gives the scores: for what computes them a few positions at a time.</summary>
    /// <param name="hidden">Hidden states, <c>[tokens, hidden]</c>.</param>
    /// <returns>Features, <c>[tokens, width]</c>, and weight, <c>[vocabulary, width]</c>: the hidden states and <see cref="OutputWeight"/>, unless an adapter is on
    /// the output layer, whose rank then makes both wider.</returns>
    public (Tensor Features, Tensor Weight) OutputFactors(Tensor hidden) => _output.Factors(hidden);

    private protected override void Rebuild()
    {
        _backbone = (CausalBackbone)Config.Build(Parameters);
        _output = new Linear(Parameters, Config.OutputLayerName!);
    }
}
