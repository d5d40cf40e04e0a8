namespace RlhfSharp.QualityDiversity.Intervals;

/// <summary>A row of an <see cref="IntervalPlot"/>.</summary>
/// <param name="Label">What it is about.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Low">The lower end of its interval; null where there is none.</param>
/// <param name="High">The upper end; null where there is none.</param>
public readonly record struct IntervalRow(string Label, double Value, double? Low = null, double? High = null);
