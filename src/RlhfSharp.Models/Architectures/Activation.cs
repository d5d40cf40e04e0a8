using RlhfSharp.Models.Checkpoints;

using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>The non-linear functions by the names Hugging Face gives them.</summary>
internal static class Activation
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> All = new()
    {
        ["gelu"] = x => nn.functional.gelu(x),
        ["gelu_new"] = x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        ["gelu_pytorch_tanh"] = x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        ["relu"] = x => nn.functional.relu(x),
        ["silu"] = x => nn.functional.silu(x),
        ["swish"] = x => nn.functional.silu(x),
    };

    /// <summary>Finds the function a configuration names.</summary>
    public static Func<Tensor, Tensor> Get(ConfigFile file, string key, string fallback)
    {
        var name = file.Text(key, fallback);
        return All.TryGetValue(name, out var function)
            ? function
            : throw file.Unsupported(key, $"is '{name}', which is not implemented. {Runtime.NearestName.Hint(name, All.Keys).TrimEnd('.')}");
    }
}
