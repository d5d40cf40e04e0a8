using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Keys and values of everything read so far, for a batch of rows; of each prompt once, however many rows continue it.</summary>
/// <remarks>With one new token per row, attention waits for keys and values to come from memory: what rows share is read once for all of
/// them (https://arxiv.org/abs/2402.05099). Where no prompt has two rows, one fused product over prompt and new tokens is faster: on a
/// processor three times with one row, a third with 16, not any more with 64.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    private readonly KeyValueColumns? _prompts;   // of each prompt; null where no prompt has two rows
    private readonly KeyValueColumns _rows;       // of each row: new tokens, behind the prompt where that is not shared
    private PromptGroups _groups;

    /// <summary>Initializes a cache that waits for its prompts.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="promptLengths">The tokens of each prompt.</param>
    /// <param name="promptOfRow">The prompt that each row continues, ascending from 0 without gaps.</param>
    /// <param name="newTokens">How many tokens per row there is room for, prompts aside.</param>
    /// <param name="type">The model's element type.</param>
    /// <param name="device">Where the model lives.</param>
    public KeyValueCache(
        ModelConfig config, IReadOnlyList<int> promptLengths, IReadOnlyList<int> promptOfRow, int newTokens, ScalarType type, Device device)
    {
        var longest = promptLengths.Max();
        var isShared = promptOfRow.Count > promptLengths.Count;
        _prompts = isShared ? new KeyValueColumns(config, promptLengths.Count, longest, type, device) : null;
        _rows = new KeyValueColumns(config, promptOfRow.Count, isShared ? newTokens : longest + newTokens, type, device);
        _groups = new PromptGroups(promptOfRow, device);
        PromptColumns.AddPrompts(promptLengths);
    }

    private KeyValueColumns PromptColumns => _prompts ?? _rows;

    /// <summary>Takes the keys and values of the prompts of one layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys"><c>[prompts, key-value heads, longest, head size]</c>.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    public void StorePrompts(int layer, Tensor keys, Tensor values) => PromptColumns.Store(layer, keys, values);

    /// <summary>Makes room for one more token per row.</summary>
    public void Advance()
    {
        _rows.AddToken();
        _prompts?.MoveOn();
    }

    /// <summary>Stores one layer's key and value of the newest token of each row and lets its query look at everything so far.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="query"><c>[rows, heads, head size]</c>.</param>
    /// <param name="key"><c>[rows, key-value heads, head size]</c>.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="scale">See <see cref="IAttention.Attend"/>.</param>
    /// <param name="window">See <see cref="IAttention.Attend"/>.</param>
    /// <returns><c>[rows, heads · head size]</c>.</returns>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale, int? window)
    {
        _rows.Store(layer, key.unsqueeze(2), value.unsqueeze(2));
        var mixed = _prompts is null
            ? AttentionProduct.Compute(query.unsqueeze(2), _rows.Keys(layer), _rows.Values(layer), _rows.Mask(window), isCausal: false, scale)
            : AttendShared(_prompts, layer, query.view(query.size(0), key.size(1), -1, query.size(2)), scale, window);
        return mixed.reshape(query.size(0), query.size(1) * query.size(2));
    }

    /// <summary>Drops rows that are finished, and prompts that no row continues any more.</summary>
    /// <param name="rows">The rows to keep, ascending.</param>
    public void Keep(IReadOnlyList<int> rows)
    {
        List<int> promptOfRow = [.. rows.Select(row => _groups.PromptOfRow[row])];
        List<int> prompts = [.. promptOfRow.Distinct()];
        _rows.Keep(rows);
        if (prompts.Count < _groups.Count)
        {
            _prompts?.Keep(prompts);
        }
        _groups.Dispose();
        _groups = new PromptGroups([.. promptOfRow.Select(prompt => prompts.IndexOf(prompt))], _rows.Device);
    }

    public void Dispose()
    {
        _prompts?.Dispose();
        _rows.Dispose();
        _groups.Dispose();
    }

    // Scores with prompts in one product per prompt, scores with new tokens per row, one softmax over both.
    // Takes and returns [rows, key-value heads, queries per key-value head, head size].
    private Tensor AttendShared(KeyValueColumns prompts, int layer, Tensor queries, double? scale, int? window)
    {
        using var scope = NewDisposeScope();
        queries = queries * (scale ?? 1 / Math.Sqrt(queries.size(3)));
        // [prompts, key-value heads, queries of a prompt, longest or new tokens]
        var ofPrompts = _groups.Join(queries).matmul(prompts.Keys(layer).transpose(2, 3));
        var ofNew = queries.matmul(_rows.Keys(layer).transpose(2, 3));
        if (prompts.Mask(window) is { } mask)
        {
            ofPrompts.add_(mask);
        }
        if (_rows.Mask(window) is { } newMask)
        {
            ofNew.add_(newMask);
        }
        ofNew = _groups.Join(ofNew);
        var weights = cat([ofPrompts, ofNew], 3).softmax(3);   // sums in F32 even where these are BF16
        var fromPrompts = weights.narrow(3, 0, prompts.Used).matmul(prompts.Values(layer));
        var fromNew = _groups.Split(weights.narrow(3, prompts.Used, _rows.Used)).matmul(_rows.Values(layer));
        return (_groups.Split(fromPrompts) + fromNew).MoveToOuterDisposeScope();
    }
}
