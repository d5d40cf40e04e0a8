using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Reports;

/// <summary>A cell of a <see cref="TableBlock"/>: a number with or without an interval, a text, or nothing.</summary>
public sealed record TableCell
{
    private TableCell(Estimate? number, string? text) => (Number, Text) = (number, text);

    /// <summary>Gets the cell of something that was not measured; shows as a dash.</summary>
    public static TableCell Empty { get; } = new(null, null);

    /// <summary>Gets the number; null if the cell holds none.</summary>
    public Estimate? Number { get; }

    /// <summary>Gets the text; null if the cell holds none.</summary>
    public string? Text { get; }

    /// <summary>Makes the cell of a number.</summary>
    /// <param name="value">Value and interval.</param>
    public static implicit operator TableCell(Estimate value) => new(value, null);

    /// <summary>Makes the cell of a number without an interval.</summary>
    /// <param name="value">Any number.</param>
    public static implicit operator TableCell(double value) => new(new Estimate(value), null);

    /// <summary>Makes the cell of a text.</summary>
    /// <param name="text">Any text.</param>
    public static implicit operator TableCell(string text) => new(null, text);
}
