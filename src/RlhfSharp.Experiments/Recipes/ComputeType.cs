using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Element types to compute in.</summary>
public enum ComputeType
{
    /// <summary>F32 on a CPU, where it is faster than BF16; BF16 on CUDA.</summary>
    Auto,

    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits with the range of F32; the optimiser keeps an F32 copy.</summary>
    Bfloat16,
}

/// <summary>Resolves <see cref="ComputeType"/>.</summary>
public static class ComputeTypes
{
    /// <summary>Finds the element type to use.</summary>
    /// <param name="type">What the recipe says.</param>
    /// <param name="device">Where the model will live.</param>
    /// <returns>F32 or BF16.</returns>
    public static ScalarType Resolve(this ComputeType type, Device device) => type switch
    {
        ComputeType.Float32 => ScalarType.Float32,
        ComputeType.Bfloat16 => ScalarType.BFloat16,
        _ => device.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32,
    };
}
