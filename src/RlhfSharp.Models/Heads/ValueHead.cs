using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Heads;

/// <summary>The value of a state, for PPO: the head of trlX's AutoModelForCausalLMWithValueHead, beside the model as <c>value_head.safetensors</c>.</summary>
public sealed class ValueHead : Head
{
    /// <summary>The file in a checkpoint.</summary>
    public const string HeadFileName = "value_head.safetensors";

    private const string Name = "v_head";

    private readonly TwoLayerHead _head;

    /// <summary>Initializes the head over its parameters.</summary>
    /// <param name="parameters">Those of <see cref="Specs"/>; the head takes ownership.</param>
    public ValueHead(ParameterSet parameters)
        : base(parameters) => _head = new TwoLayerHead(parameters, Name);

    /// <inheritdoc/>
    public override string FileName => HeadFileName;

    /// <summary>Lists the parameters.</summary>
    /// <param name="hiddenSize">The width of the backbone's hidden states.</param>
    /// <returns>Specifications, in a fixed order.</returns>
    public static IReadOnlyList<ParameterSpec> Specs(int hiddenSize) => [.. TwoLayerHead.Specs(Name, hiddenSize, 1)];

    /// <summary>Draws a new head.</summary>
    /// <param name="hiddenSize">The width of the backbone's hidden states.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">Where it lives.</param>
    /// <returns>The head.</returns>
    public static ValueHead Create(int hiddenSize, long seed, ScalarType type, Device device) => new(ParameterSet.Create(Specs(hiddenSize), seed, type, device));

    /// <summary>Computes values.</summary>
    /// <param name="hidden"><c>[states, hidden]</c>.</param>
    /// <returns><c>[states]</c>, in F32.</returns>
    public Tensor Values(Tensor hidden) => _head.Forward(hidden).squeeze(1).to(ScalarType.Float32);
}
