using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Sequences that are padded to one length, and what hides the padding.</summary>
internal sealed class PaddedGroup
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly Device _device;
    private readonly Tensor _home;   // masks are made when a block asks for one, and must live as long as the padding
    private readonly Tensor? _slots;   // where token i lies in [rows · longest]; null when no row is padded

    private (int Width, Tensor Values)? _window;   // of the window that was asked for last: most models have one
    private Tensor? _padding;

    public PaddedGroup(int firstRow, IReadOnlyList<int> lengths, Device device, Tensor home)
    {
        (FirstRow, _lengths, Longest, Tokens, _device, _home) = (firstRow, lengths, lengths.Max(), lengths.Sum(), device, home);
        if (IsPadded)
        {
            _slots = tensor(lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(position => (long)row * Longest + position)).ToArray(), device: device);
        }
    }

    /// <summary>Gets which sequence of the batch is the group's first.</summary>
    public int FirstRow { get; }

    /// <summary>Gets the number of sequences.</summary>
    public int RowCount => _lengths.Count;

    /// <summary>Gets the length to which the sequences are padded.</summary>
    public int Longest { get; }

    /// <summary>Gets the number of real tokens.</summary>
    public int Tokens { get; }

    private bool IsPadded => Tokens < (long)_lengths.Count * Longest;

    /// <summary>What to add to products so that a token sees itself and those before it in a window.</summary>
    /// <returns><c>[1, 1, longest, longest]</c> for a window that hides something; null where being causal is all.</returns>
    public Tensor? CausalMask(int? window, ScalarType type)
    {
        if (window is not { } width || width >= Longest)
        {
            return null;
        }
        if (_window is not { } known || known.Width != width)
        {
            var visible = ones(Longest, Longest, ScalarType.Bool, _device).tril().triu(1 - width);
            _window = known = (width, Hiding(visible, type).view(1, 1, Longest, Longest).MoveToOtherDisposeScope(_home));
        }
        return known.Values;
    }

    /// <summary>What to add to products so that every token sees its whole sequence and no padding.</summary>
    /// <returns><c>[rows, 1, 1, longest]</c>; null where no row is padded.</returns>
    public Tensor? PaddingMask(ScalarType type)
    {
        if (IsPadded && _padding is null)
        {
            var visible = arange(Longest, device: _device).unsqueeze(0).less(tensor(_lengths.Select(length => (long)length).ToArray(), device: _device).unsqueeze(1));
            _padding = Hiding(visible, type).view(_lengths.Count, 1, 1, Longest).MoveToOtherDisposeScope(_home);
        }
        return _padding;
    }

    /// <summary>Pads.</summary>
    /// <param name="tokens"><c>[tokens, heads, head size]</c>.</param>
    /// <returns><c>[rows, heads, longest, head size]</c>.</returns>
    public Tensor Pad(Tensor tokens)
    {
        var (heads, size) = (tokens.size(1), tokens.size(2));
        var padded = _slots is null
            ? tokens
            : zeros([_lengths.Count * Longest, heads, size], tokens.dtype, tokens.device).index_copy_(0, _slots, tokens);
        return padded.view(_lengths.Count, Longest, heads, size).transpose(1, 2);
    }

    /// <summary>Takes the real tokens out again.</summary>
    /// <param name="mixed"><c>[rows, heads, longest, head size]</c>.</param>
    /// <returns><c>[tokens, heads · head size]</c>.</returns>
    public Tensor Unpad(Tensor mixed)
    {
        var rows = mixed.transpose(1, 2).reshape(_lengths.Count * Longest, mixed.size(1) * mixed.size(3));
        return _slots is null ? rows : rows.index_select(0, _slots);
    }

    /// <summary>Makes a mask to be added to products: 0 where something is visible, −∞ where not.</summary>
    public static Tensor Hiding(Tensor visible, ScalarType type)
    {
        // Held to the end: the collector may otherwise free the number while libtorch still reads it.
        using Scalar infinite = double.NegativeInfinity;
        return zeros(visible.shape, type, visible.device).masked_fill(visible.logical_not(), infinite);
    }
}
