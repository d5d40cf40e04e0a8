namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>An axis of labels. As a measure, label <c>i</c> is the number <c>i</c>.</summary>
public sealed class CategoricalAxis : ArchiveAxis
{
    private readonly Dictionary<string, int> _indices;

    /// <summary>Initializes an axis.</summary>
    /// <param name="name">What the labels tell apart, for instance <c>genre</c>.</param>
    /// <param name="labels">In the order of the bins; all different.</param>
    /// <exception cref="ArgumentException">There is no label, or one occurs twice.</exception>
    public CategoricalAxis(string name, params IReadOnlyList<string> labels)
        : base(name, labels.Count)
    {
        _indices = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, label) in labels.Index())
        {
            if (!_indices.TryAdd(label, index))
            {
                throw new ArgumentException($"The axis '{name}' has the label '{label}' twice.", nameof(labels));
            }
        }
        Labels = [.. labels];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels { get; }

    /// <inheritdoc/>
    public override int BinOf(double value) => (int)Math.Clamp(value, 0, Bins - 1);

    /// <summary>Finds the measure of a label.</summary>
    /// <param name="label">Any text; upper and lower case differ.</param>
    /// <returns>The label's index; NaN for an unknown label, which an archive rejects and counts.</returns>
    public double MeasureOf(string label) => _indices.TryGetValue(label, out var index) ? index : double.NaN;
}
