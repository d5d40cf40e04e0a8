using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>An axis at work: how a text gets its place on it.</summary>
internal sealed class MapAxis
{
    private readonly TextUnit _unit;

    public MapAxis(MapAxisOptions options)
    {
        Bins = options switch
        {
            LabelAxisOptions labels => new CategoricalAxis(labels.Name, labels.Labels),
            LengthAxisOptions length => NumericAxis.Ticks(length.Name, length.Ticks),
            _ => throw new InvalidOperationException($"The axis '{options.Name}' is of no kind that is known here."),
        };
        _unit = (options as LengthAxisOptions)?.Unit ?? default;
    }

    public ArchiveAxis Bins { get; }

    /// <summary>Gets the labels that can be asked for; null for an axis that is measured.</summary>
    public IReadOnlyList<string>? Labels => (Bins as CategoricalAxis)?.Labels;

    public string Name => Bins.Name;

    /// <summary>Computes where a text lies.</summary>
    /// <param name="label">Its label; looked at on axes of labels only.</param>
    /// <param name="text">The text.</param>
    /// <returns>NaN for a label that is unknown or missing.</returns>
    public double MeasureOf(string? label, string text) => Bins is CategoricalAxis labels
        ? label is null ? double.NaN : labels.MeasureOf(label)
        : _unit.Count(text);
}
