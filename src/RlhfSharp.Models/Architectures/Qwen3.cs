using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>The configuration of Qwen3 (Yang et al. 2025), <c>model_type: qwen3</c>: Llama whose queries and keys are normalized, with windows as in Qwen2.</summary>
public sealed class Qwen3Config : LlamaConfig
{
    /// <inheritdoc/>
    internal override string ClassStem => "Qwen3";

    private readonly QwenWindow _window;

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <exception cref="Runtime.InputException">A key is missing, wrong or asks for something that is not implemented.</exception>
    public Qwen3Config(ConfigFile file)
        : base(file, usualPositions: 32_768, usualKeyValueHeads: 32, usualHeadSize: 128)
    {
        (QueryKeyNorm, MlpBias) = (true, false);   // mlp_bias is Llama's
        _window = new QwenWindow(file, LayerCount);
    }

    internal override int? Window(int layer) => _window.Of(layer);
}
