using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>Attention of a batch whose rows are padded on the left to one length, so that all grow in step: a rectangular cache and a mask.</summary>
internal sealed class PaddedAttention : IAttention
{
    private readonly int _rows;
    private readonly Tensor _mask;       // [rows, 1, 1, capacity]: −∞ at padding
    private readonly Tensor _starts;     // [rows]: the column of each first token
    private readonly Tensor[] _keys;     // per layer [rows, heads, capacity, head size]
    private readonly Tensor[] _values;
    private int _used;
    private int _new;

    /// <summary>Initializes an empty cache, owned by the caller's dispose scope.</summary>
    /// <param name="config">The model's configuration; every head has its own keys.</param>
    /// <param name="lengths">The tokens of each row's prompt.</param>
    /// <param name="newTokens">How many tokens each row may get.</param>
    public PaddedAttention(ModelConfig config, IReadOnlyList<int> lengths, int newTokens)
    {
        var (longest, capacity) = (lengths.Max(), lengths.Max() + newTokens);
        _rows = lengths.Count;
        _starts = tensor(lengths.Select(length => (long)longest - length).ToArray());
        _mask = zeros([_rows, 1, 1, capacity]).masked_fill(
            arange(capacity).unsqueeze(0).less(_starts.unsqueeze(1)).view(_rows, 1, 1, capacity), double.NegativeInfinity);
        _keys = Allocate();
        _values = Allocate();

        Tensor[] Allocate() => [.. Enumerable.Range(0, config.LayerCount).Select(_ => empty([_rows, config.KeyValueHeadCount, capacity, config.HeadSize]))];
    }

    public Tensor Positions => (arange(_used - _new, _used).unsqueeze(0) - _starts.unsqueeze(1)).clamp_min(0).flatten();

    public Tensor Lengths => Positions + 1;

    /// <summary>Makes room for columns that the next forward pass fills.</summary>
    /// <param name="columns">How many.</param>
    public void Advance(int columns) => (_used, _new) = (_used + columns, columns);

    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null, int? window = null)
    {
        Tensor Rows(Tensor tokens) => tokens.view(_rows, _new, tokens.size(1), tokens.size(2)).transpose(1, 2);
        _keys[layer].narrow(2, _used - _new, _new).copy_(Rows(key));
        _values[layer].narrow(2, _used - _new, _new).copy_(Rows(value));
        var mask = _mask.narrow(3, 0, _used);
        if (_new > 1)
        {
            // Padding looks at itself, lest it becomes no number.
            var future = ones(_new, _new, ScalarType.Bool).triu(1);
            mask = mask.expand(_rows, 1, _new, _used).masked_fill(future, double.NegativeInfinity).masked_fill(eye(_new, _new, ScalarType.Bool), 0);
        }
        var mixed = nn.functional.scaled_dot_product_attention(
            Rows(query), _keys[layer].narrow(2, 0, _used), _values[layer].narrow(2, 0, _used), mask);
        return mixed.transpose(1, 2).reshape(_rows * _new, query.size(1) * query.size(2));
    }
}
