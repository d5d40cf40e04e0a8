using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>The configuration of Qwen2 and Qwen2.5 (Yang et al. 2024), <c>model_type: qwen2</c>: Llama with biases on queries, keys and values, and in its
/// later layers a window if it asks for one.</summary>
public sealed class Qwen2Config : LlamaConfig
{
    /// <inheritdoc/>
    internal override string ClassStem => "Qwen2";

    private readonly QwenWindow _window;

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <exception cref="Runtime.InputException">A key is missing, wrong or asks for something that is not implemented.</exception>
    public Qwen2Config(ConfigFile file)
        : base(file, usualPositions: 32_768, usualKeyValueHeads: 32, usualHeadSize: null)
    {
        (QueryKeyValueBias, AttentionOutputBias, MlpBias) = (true, false, false);   // whatever other families' keys say
        _window = new QwenWindow(file, LayerCount);
    }

    internal override int? Window(int layer) => _window.Of(layer);
}
