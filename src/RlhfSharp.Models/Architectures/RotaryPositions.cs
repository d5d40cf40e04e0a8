using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Rotary position embedding (Su et al. 2021) for the tokens of one forward pass; dimension i turns with dimension i + half, as
/// in Hugging Face.</summary>
internal sealed class RotaryPositions
{
    private readonly Tensor _cosine;   // [tokens, 1, turning dimensions]
    private readonly Tensor _sine;

    private RotaryPositions(Tensor cosine, Tensor sine) => (_cosine, _sine) = (cosine, sine);

    /// <summary>Computes the angles of the tokens' positions, once for all layers.</summary>
    public static RotaryPositions At(IAttention attention, RotaryFrequencies frequencies, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var angles = frequencies.Angles(attention.Positions, attention.Lengths);
        var both = cat([angles, angles], 1).unsqueeze(1);
        return new RotaryPositions((both.cos() * frequencies.Gain).to(type).MoveToOuterDisposeScope(), (both.sin() * frequencies.Gain).to(type).MoveToOuterDisposeScope());
    }

    /// <summary>Turns queries or keys, <c>[tokens, heads, head size]</c>; dimensions behind those that turn stay as they are.</summary>
    public Tensor Rotate(Tensor x)
    {
        using var scope = NewDisposeScope();   // what is made on the way is not kept
        var (size, turning) = (x.size(2), _cosine.size(2));
        if (turning == size)
        {
            return Turn(x).MoveToOuterDisposeScope();
        }
        return cat([Turn(x.narrow(2, 0, turning)), x.narrow(2, turning, size - turning)], 2).MoveToOuterDisposeScope();
    }

    private Tensor Turn(Tensor x)
    {
        var half = x.size(2) / 2;
        var turned = cat([-x.narrow(2, half, half), x.narrow(2, 0, half)], 2);
        return x * _cosine + turned * _sine;
    }
}
