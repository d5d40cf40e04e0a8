using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Keys and values of everything read so far; of each prompt once, however many rows continue it.</summary>
/// <remarks>With one new token per row, attention waits for keys and values to come from memory: what rows share is read once for all of
/// them (https://arxiv.org/abs/2402.05099). Where no prompt has two rows, a prompt is the beginning of its row's own tokens.
/// A forward pass goes: <see cref="Advance"/>, any number of <see cref="AddPrompt"/>, then <see cref="Store"/> and <see cref="Attend"/> per
/// layer. Prompts can be continued by rows, and rows and prompts be dropped, between passes.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    private readonly KeyValueBlocks? _prompts;   // of each prompt; null where none has two rows
    private readonly KeyValueBlocks _rows;       // of each row: its new tokens, behind the prompt where that is not shared
    private readonly List<CachedSequence> _sharedPrompts = [];
    private readonly Dictionary<int, Tensor> _masks = [];   // by window; all layers ask for the same ones
    private readonly ProcessorAttention? _onProcessor;      // null where products of tensors are to do it
    private IReadOnlyList<CachedRow> _current = [];
    private PromptGroups? _groups;

    /// <summary>Initializes an empty cache.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="sharesPrompts">Whether any prompt may have two rows.</param>
    /// <param name="type">The model's element type.</param>
    /// <param name="device">Where the model lives.</param>
    public KeyValueCache(ModelConfig config, bool sharesPrompts, ScalarType type, Device device)
    {
        _prompts = sharesPrompts ? new KeyValueBlocks(config, type, device) : null;
        _rows = new KeyValueBlocks(config, type, device);
        _onProcessor = ProcessorAttention.CanRead(type, device) ? new ProcessorAttention(_prompts, _rows) : null;
    }

    /// <summary>Begins a forward pass: makes room for one more token per row.</summary>
    /// <param name="rows">All rows there are, those of a prompt side by side; may be empty.</param>
    public void Advance(IReadOnlyList<CachedRow> rows)
    {
        ForgetPass();
        _current = rows;
        _rows.Begin();
        _prompts?.Begin();
        if (rows.Count == 0)
        {
            return;
        }
        foreach (var row in rows)
        {
            _rows.Append(row.Own, 1);
        }
        if (_onProcessor is not null)
        {
            return;
        }
        _rows.SetOwners([.. rows.Select(row => row.Own)]);
        if (_prompts is not null)
        {
            _prompts.SetOwners(_sharedPrompts);
            _groups = new PromptGroups([.. rows.Select(row => _sharedPrompts.IndexOf(row.Prompt!))], _sharedPrompts.Count, _rows.Device);
        }
    }

    /// <summary>Makes room for a prompt that the pass is going to read.</summary>
    /// <param name="length">Its tokens.</param>
    public CachedSequence AddPrompt(int length)
    {
        var prompt = new CachedSequence();
        (_prompts ?? _rows).Append(prompt, length);
        if (_prompts is not null)
        {
            _sharedPrompts.Add(prompt);
        }
        return prompt;
    }

    /// <summary>Lets a row continue a prompt.</summary>
    /// <param name="prompt">A prompt that was read; it is the row's own where prompts are not shared.</param>
    public CachedRow Continue(CachedSequence prompt) => _prompts is null ? new CachedRow(null, prompt) : new CachedRow(prompt, new CachedSequence());

    /// <summary>Drops rows.</summary>
    public void Drop(IEnumerable<CachedRow> rows) => _rows.Free(rows.Select(row => row.Own));

    /// <summary>Drops prompts that no row will continue any more. Does nothing where they are not shared.</summary>
    public void Drop(IReadOnlyCollection<CachedSequence> prompts)
    {
        _prompts?.Free(prompts);
        _sharedPrompts.RemoveAll(prompts.Contains);
    }

    /// <summary>Stores one layer's keys and values of all tokens of the pass.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys"><c>[tokens, key-value heads, head size]</c>: one token per row, then those of the prompts.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    public void Store(int layer, Tensor keys, Tensor values)
    {
        var (rows, prompts) = (_current.Count, keys.size(0) - _current.Count);
        if (_prompts is null)
        {
            _rows.Store(layer, keys, values);
            return;
        }
        if (rows > 0)
        {
            _rows.Store(layer, keys.narrow(0, 0, rows), values.narrow(0, 0, rows));
        }
        if (prompts > 0)
        {
            _prompts.Store(layer, keys.narrow(0, rows, prompts), values.narrow(0, rows, prompts));
        }
    }

    /// <summary>Lets the query of each row look at everything so far, its newest token included.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="query"><c>[rows, heads, head size]</c>.</param>
    /// <param name="keyValueHeads">The number of key-value heads.</param>
    /// <param name="scale">See <see cref="IAttention.Attend"/>.</param>
    /// <param name="window">See <see cref="IAttention.Attend"/>.</param>
    /// <returns><c>[rows, heads · head size]</c>.</returns>
    public Tensor Attend(int layer, Tensor query, long keyValueHeads, double? scale, int? window)
    {
        using var scope = NewDisposeScope();
        var (rows, heads, size) = (query.size(0), query.size(1), query.size(2));
        var queries = query.view(rows, keyValueHeads, heads / keyValueHeads, size) * (scale ?? 1 / Math.Sqrt(size));
        var mixed = _onProcessor is not null ? _onProcessor.Attend(_current, layer, queries, window)
            : _prompts is null ? AttendOwn(layer, queries, window)
            : AttendShared(_prompts, layer, queries, window);
        return mixed.reshape(rows, heads * size).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        ForgetPass();
        _prompts?.Dispose();
        _rows.Dispose();
    }

    // Both take and return [rows, key-value heads, queries per key-value head, head size]. The softmax sums in F32 even where scores are BF16.
    private Tensor AttendOwn(int layer, Tensor queries, int? window) =>
        _rows.Mix(layer, _rows.Scores(layer, queries).add_(Mask(window)).softmax(3));

    private Tensor AttendShared(KeyValueBlocks prompts, int layer, Tensor queries, int? window)
    {
        var ofPrompts = _groups!.Split(prompts.Scores(layer, _groups.Join(queries)));
        var weights = cat([ofPrompts, _rows.Scores(layer, queries)], 3).add_(Mask(window)).softmax(3);
        var fromPrompts = prompts.Mix(layer, _groups.Join(weights.narrow(3, 0, prompts.Width)));
        return _groups.Split(fromPrompts) + _rows.Mix(layer, weights.narrow(3, prompts.Width, _rows.Width));
    }

    // What to add to scores, [rows, 1, 1, width of prompts + width of rows]: hides what lies behind a sequence's end or before the window.
    private Tensor Mask(int? window)
    {
        // A window that hides nothing is none.
        var key = window is { } width && _current.Any(row => row.Length > width) ? width : 0;
        if (!_masks.TryGetValue(key, out var mask))
        {
            _masks[key] = mask = CreateMask(key);
        }
        return mask;
    }

    private Tensor CreateMask(int window)
    {
        var promptWidth = _prompts?.Width ?? 0;
        var width = promptWidth + _rows.Width;
        var values = new float[_current.Count * width];
        foreach (var (index, row) in _current.Index())
        {
            var hidden = window == 0 ? 0 : Math.Max(0, row.Length - window);
            var promptLength = row.Prompt?.Length ?? 0;
            var places = values.AsSpan(index * width, width);
            Hide(places[..promptWidth], hidden, promptLength);
            Hide(places[promptWidth..], hidden - promptLength, row.Own.Length);
        }
        using var scope = NewDisposeScope();
        return tensor(values, [_current.Count, 1, 1, width]).to(_rows.Type).to(_rows.Device).DetachFromDisposeScope();
    }

    private static void Hide(Span<float> places, int before, int from)
    {
        places[..Math.Clamp(before, 0, from)].Fill(float.NegativeInfinity);
        places[from..].Fill(float.NegativeInfinity);
    }

    private void ForgetPass()
    {
        foreach (var mask in _masks.Values)
        {
            mask.Dispose();
        }
        _masks.Clear();
        _groups?.Dispose();
        _groups = null;
    }
}
