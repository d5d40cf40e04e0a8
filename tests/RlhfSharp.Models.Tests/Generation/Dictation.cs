using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>Makes every row write given tokens, and keeps what it was called with.</summary>
internal sealed class Dictation(params int[] tokens) : ILogitsProcessor
{
    public List<long[]> HiddenShapes { get; } = [];

    public List<long[]> LastTokens { get; } = [];

    public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens)
    {
        var token = tokens[HiddenShapes.Count];
        HiddenShapes.Add(hidden.shape);
        LastTokens.Add(lastTokens.data<long>().ToArray());
        return full_like(scores, double.NegativeInfinity).index_fill(1, tensor(new long[] { token }), 0);
    }
}
