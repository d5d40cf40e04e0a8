using static TorchSharp.torch;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>Cuts tensors so that the bytes of each part fit a span, which holds 2 GiB at the most: embeddings of large models are larger.</summary>
internal static class TensorSlices
{
    private const long LargestSlice = 1 << 27;   // elements: 1 GiB of the widest type

    /// <summary>Lists the parts of a tensor in the order of its elements.</summary>
    /// <param name="tensor">Contiguous.</param>
    /// <param name="largest">The largest number of elements of a part.</param>
    /// <returns>Parts that share the tensor's memory, <c>[elements]</c>; each is disposed when the next is asked for.</returns>
    public static IEnumerable<Tensor> Of(Tensor tensor, long largest = LargestSlice)
    {
        using var flat = tensor.view(-1);
        var count = flat.size(0);
        for (var start = 0L; start < count; start += largest)
        {
            using var slice = flat.narrow(0, start, Math.Min(largest, count - start));
            yield return slice;
        }
    }
}
