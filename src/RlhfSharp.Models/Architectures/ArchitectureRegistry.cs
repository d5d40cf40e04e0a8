using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Architectures;

/// <summary>The families of models that can be loaded, by <c>model_type</c>.</summary>
public static class ArchitectureRegistry
{
    private static readonly Dictionary<string, Func<ConfigFile, ModelConfig>> Families = new()
    {
        ["deberta-v2"] = file => new DebertaV2Config(file),
        ["gpt2"] = file => new Gpt2Config(file),
        ["gpt_neox"] = file => new GptNeoXConfig(file),
        ["llama"] = file => new LlamaConfig(file),
        ["mistral"] = file => new MistralConfig(file),
        ["qwen2"] = file => new Qwen2Config(file),
        ["qwen3"] = file => new Qwen3Config(file),
    };

    /// <summary>Gets the families' names.</summary>
    public static IReadOnlyCollection<string> ModelTypes => Families.Keys;

    /// <summary>Reads a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <returns>The configuration of the family it names.</returns>
    /// <exception cref="InputException">The family is unknown, or the configuration asks for something that is not implemented.</exception>
    public static ModelConfig Read(ConfigFile file)
    {
        var type = file.Text("model_type", string.Empty);
        return Families.TryGetValue(type, out var read)
            ? read(file)
            : throw file.Unsupported("model_type", $"is '{type}', which is not implemented. {NearestName.Hint(type, Families.Keys).TrimEnd('.')}");
    }
}
