using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Causal attention within sequences that share their beginnings: a token sees the trunk and what came before it in its own branch. What it gives
/// is what each branch would give behind a trunk of its own.</summary>
/// <remarks>Not for models of <see cref="ModelConfig.IsLengthAware"/>: the trunk's tokens would have to know which branch they stand in.</remarks>
public sealed class BranchedAttention : IAttention
{
    private readonly IReadOnlyList<BranchedSequence> _sequences;
    private readonly SequencePadding _padding;
    private readonly Dictionary<(PaddedGroup, int?), Tensor> _masks = [];   // all blocks of a pass ask for the same ones
    private readonly Device _device;
    private readonly Tensor _home;

    /// <summary>Initializes attention over a batch.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="sequences">At least one, in the order in which their tokens are given: each one's trunk, then its branches one after the other.</param>
    /// <param name="device">Where the tokens live.</param>
    /// <exception cref="InputException">The model is aware of lengths.</exception>
    public BranchedAttention(ModelConfig config, IReadOnlyList<BranchedSequence> sequences, Device device)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.IsLengthAware)
        {
            throw new InputException("The model's positions depend on the length of the whole text (rope scaling 'dynamic'), so texts cannot share their beginnings.");
        }
        (_sequences, _device, _home) = (sequences, device, empty(0, device: device));
        _padding = new SequencePadding([.. sequences.Select(sequence => sequence.Length)], device);
        Positions = Numbers(sequences.SelectMany(sequence => sequence.Positions));
    }

    /// <inheritdoc/>
    public Tensor Positions { get; }

    /// <inheritdoc/>
    /// <remarks>Nobody reads it: see <see cref="ModelConfig.IsLengthAware"/>.</remarks>
    public Tensor Lengths => Positions;

    /// <inheritdoc/>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null, int? window = null) =>
        _padding.Attend(query, key, value, (group, queries, keys, values) =>
            AttentionProduct.Compute(queries, keys, values, Mask(group, window, query.dtype), isCausal: false, scale));

    // [rows, 1, longest, longest]
    private Tensor Mask(PaddedGroup group, int? window, ScalarType type)
    {
        if (_masks.TryGetValue((group, window), out var known))
        {
            return known;
        }
        using var scope = NewDisposeScope();
        var rows = _sequences.Skip(group.FirstRow).Take(group.RowCount).ToList();
        Tensor Padded(Func<BranchedSequence, IEnumerable<int>> numbers) =>
            Numbers(rows.SelectMany(row => numbers(row).Concat(Enumerable.Repeat(-1, group.Longest - row.Length)))).view(rows.Count, group.Longest);
        var owners = Padded(row => row.Owners);
        var visible = (owners.unsqueeze(1).eq(0) | owners.unsqueeze(1).eq(owners.unsqueeze(2))).tril();
        if (window is { } width && width < group.Longest)
        {
            var positions = Padded(row => row.Positions);
            visible = visible & (positions.unsqueeze(2) - positions.unsqueeze(1)).less(width);
        }
        return _masks[(group, window)] = PaddedGroup.Hiding(visible, type).unsqueeze(1).MoveToOtherDisposeScope(_home);
    }

    private Tensor Numbers(IEnumerable<int> numbers) => tensor(numbers.Select(number => (long)number).ToArray(), device: _device);
}
