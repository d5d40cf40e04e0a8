using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Rotary position embedding (Su et al. 2021) for the tokens of one forward pass; dimension i turns with dimension i + half, as
/// in Hugging Face.</summary>
internal sealed class RotaryPositions
{
    private readonly Tensor _cosine;   // [tokens, 1, head size]
    private readonly Tensor _sine;

    private RotaryPositions(Tensor cosine, Tensor sine) => (_cosine, _sine) = (cosine, sine);

    /// <summary>Computes the angles of the given positions, once for all layers.</summary>
    public static RotaryPositions At(Tensor positions, int headSize, double rotaryBase, ScalarType type)
    {
        var frequencies = Enumerable.Range(0, headSize / 2).Select(i => (float)Math.Pow(rotaryBase, -2.0 * i / headSize)).ToArray();
        var angles = positions.to(ScalarType.Float32).unsqueeze(1) * tensor(frequencies, device: positions.device);   // [tokens, head size / 2]
        var both = cat([angles, angles], 1).unsqueeze(1);
        return new RotaryPositions(both.cos().to(type), both.sin().to(type));
    }

    /// <summary>Turns queries or keys, <c>[tokens, heads, head size]</c>.</summary>
    public Tensor Rotate(Tensor x)
    {
        var half = x.size(2) / 2;
        var turned = cat([-x.narrow(2, half, half), x.narrow(2, 0, half)], 2);
        return x * _cosine + turned * _sine;
    }
}
