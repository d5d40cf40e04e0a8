using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Pads sequences on the right, for the attention product only. Neighbours of about the same length are padded together, others apart: the
/// product's cost grows with the square of the length.</summary>
internal sealed class SequencePadding
{
    // How many products of queries and keys per head may be wasted on padding before another call is cheaper; found by measuring.
    private const long WasteLimit = 64 * 1024;

    private readonly IReadOnlyList<PaddedGroup> _groups;

    /// <summary>Initializes the padding of a batch.</summary>
    /// <param name="lengths">The number of tokens of each sequence, each at least 1, in the order in which their tokens are given.</param>
    /// <param name="device">Where the tokens live.</param>
    public SequencePadding(IReadOnlyList<int> lengths, Device device)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lengths.Count, nameof(lengths));
        var home = empty(0, device: device);
        var groups = new List<PaddedGroup>();
        var firstRow = 0;
        foreach (var group in Neighbours(lengths))
        {
            groups.Add(new PaddedGroup(firstRow, group, device, home));
            firstRow += group.Count;
        }
        _groups = groups;
    }

    /// <summary>Computes something from queries, keys and values, group by group.</summary>
    /// <param name="query"><c>[tokens, heads, head size]</c>.</param>
    /// <param name="key"><c>[tokens, key-value heads, head size]</c>.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="attend">Gets a group and its padded queries, keys and values, <c>[rows, heads, longest, head size]</c>, and gives a result of the
    /// queries' shape.</param>
    /// <returns><c>[tokens, heads · head size]</c>.</returns>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, Func<PaddedGroup, Tensor, Tensor, Tensor, Tensor> attend)
    {
        if (_groups is [var only])
        {
            return only.Unpad(attend(only, only.Pad(query), only.Pad(key), only.Pad(value)));
        }
        var parts = new List<Tensor>();
        var start = 0L;
        foreach (var group in _groups)
        {
            Tensor Own(Tensor all) => group.Pad(all.narrow(0, start, group.Tokens));
            parts.Add(group.Unpad(attend(group, Own(query), Own(key), Own(value))));
            start += group.Tokens;
        }
        return cat(parts, 0);
    }

    private static IEnumerable<IReadOnlyList<int>> Neighbours(IReadOnlyList<int> lengths)
    {
        var group = new List<int>();
        foreach (var length in lengths)
        {
            if (group.Count > 0 && Waste([.. group, length]) > WasteLimit)
            {
                yield return group;
                group = [];
            }
            group.Add(length);
        }
        yield return group;
    }

    private static long Waste(IReadOnlyList<int> lengths)
    {
        var longest = (long)lengths.Max();
        return lengths.Sum(length => longest * longest - (long)length * length);
    }
}
