using RlhfSharp.Models.Checkpoints;

using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>The non-linear functions by the names Hugging Face gives them.</summary>
internal static class Activation
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> All = new()
    {
        ["gelu"] = x => nn.functional.gelu(x),
        ["gelu_python"] = x => nn.functional.gelu(x),
        ["gelu_new"] = TanhGelu,
        ["gelu_fast"] = TanhGelu,       // GPT-NeoX-20B
        ["gelu_accurate"] = TanhGelu,
        ["gelu_pytorch_tanh"] = TanhGelu,
        ["quick_gelu"] = x => x * (x * 1.702).sigmoid(),
        ["relu"] = x => nn.functional.relu(x),
        ["relu2"] = x => nn.functional.relu(x).square(),
        ["sigmoid"] = x => x.sigmoid(),
        ["silu"] = x => nn.functional.silu(x),
        ["swish"] = x => nn.functional.silu(x),
        ["tanh"] = x => x.tanh(),       // poolers
        ["linear"] = x => x,
    };

    /// <summary>Finds the function a configuration names.</summary>
    public static Func<Tensor, Tensor> Get(ConfigFile file, string key, string fallback)
    {
        var name = file.Text(key, fallback);
        return All.TryGetValue(name, out var function)
            ? function
            : throw file.Unsupported(key, $"is '{name}', which is not implemented. {Runtime.NearestName.Hint(name, All.Keys).TrimEnd('.')}");
    }

    // 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))
    private static Tensor TanhGelu(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);
}
