using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Attention of one forward pass of generation: one new token per row over the cache, and prompts that are read meanwhile.</summary>
/// <param name="cache">Has room for all tokens of the pass already.</param>
/// <param name="rowPositions">The position of each row's newest token.</param>
/// <param name="promptLengths">The tokens of each prompt; may be empty.</param>
/// <param name="device">Where the tokens live.</param>
internal sealed class StepAttention(KeyValueCache cache, IReadOnlyList<int> rowPositions, IReadOnlyList<int> promptLengths, Device device) : IAttention
{
    private readonly int _rows = rowPositions.Count;
    private readonly int _promptTokens = promptLengths.Sum();
    private readonly SequenceAttention? _prompts = promptLengths.Count > 0 ? new SequenceAttention(promptLengths, device) : null;

    public Tensor Positions { get; } = Index(rowPositions, promptLengths.SelectMany(length => Enumerable.Range(0, length)), device);

    public Tensor Lengths { get; } =
        Index(rowPositions.Select(position => position + 1), promptLengths.SelectMany(length => Enumerable.Repeat(length, length)), device);

    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null, int? window = null)
    {
        cache.Store(layer, key, value);
        if (_prompts is null)
        {
            return cache.Attend(layer, query, key.size(1), scale, window);
        }
        Tensor OfPrompts(Tensor all) => all.narrow(0, _rows, _promptTokens);
        var ofPrompts = _prompts.Attend(layer, OfPrompts(query), OfPrompts(key), OfPrompts(value), scale, window);
        return _rows == 0 ? ofPrompts : cat([cache.Attend(layer, query.narrow(0, 0, _rows), key.size(1), scale, window), ofPrompts], 0);
    }

    private static Tensor Index(IEnumerable<int> ofRows, IEnumerable<int> ofPrompts, Device device) =>
        tensor(ofRows.Concat(ofPrompts).Select(value => (long)value).ToArray(), device: device);
}
