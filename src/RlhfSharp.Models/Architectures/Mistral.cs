using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>The configuration of Mistral (Jiang et al. 2023), <c>model_type: mistral</c>: Llama whose tokens may look back a limited way only.</summary>
public sealed class MistralConfig : LlamaConfig
{
    /// <inheritdoc/>
    internal override string ClassStem => "Mistral";

    private const int UsualWindow = 4096;   // Hugging Face's, where the key is missing; null is none

    private readonly int? _window;

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <exception cref="Runtime.InputException">A key is missing, wrong or asks for something that is not implemented.</exception>
    public MistralConfig(ConfigFile file)
        : base(file, usualPositions: 131_072, usualKeyValueHeads: 8, usualHeadSize: null)
    {
        QueryKeyValueBias = AttentionOutputBias = MlpBias = false;   // no key of Mistral's asks for them
        _window = file.PositiveInteger("sliding_window", file.Json.ContainsKey("sliding_window") ? null : UsualWindow);
    }

    internal override int? Window(int layer) => _window;
}
