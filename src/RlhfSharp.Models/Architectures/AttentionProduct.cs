using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>softmax(q·kᵀ·scale)·v by libtorch's fused kernel, for any number of query heads per key-value head.</summary>
internal static class AttentionProduct
{
    /// <summary>Computes the product.</summary>
    /// <param name="query"><c>[rows, heads, queries, head size]</c>.</param>
    /// <param name="key"><c>[rows, key-value heads, keys, head size]</c>.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="mask">Added to the products, <c>[rows or 1, 1, queries, keys]</c>; null for none.</param>
    /// <param name="isCausal">Whether query i sees keys 0 to i only.</param>
    /// <param name="scale">Null means 1/√(head size), which is what the kernel does by itself.</param>
    /// <returns><c>[rows, heads, queries, head size]</c>.</returns>
    public static Tensor Compute(Tensor query, Tensor key, Tensor value, Tensor? mask, bool isCausal, double? scale)
    {
        if (scale is { } wanted)
        {
            query = query * (wanted * Math.Sqrt(query.size(3)));
        }
        var repeat = query.size(1) / key.size(1);
        return nn.functional.scaled_dot_product_attention(query, Repeat(key, repeat), Repeat(value, repeat), mask, is_casual: isCausal);
    }

    // Grouped queries: key-value head h serves query heads h·repeat to (h+1)·repeat − 1.
    private static Tensor Repeat(Tensor heads, long repeat)
    {
        if (repeat == 1)
        {
            return heads;
        }
        var (rows, count, keys, size) = (heads.size(0), heads.size(1), heads.size(2), heads.size(3));
        return heads.unsqueeze(2).expand(rows, count, repeat, keys, size).reshape(rows, count * repeat, keys, size);
    }
}
