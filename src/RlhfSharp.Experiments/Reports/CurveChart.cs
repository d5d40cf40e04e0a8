namespace RlhfSharp.Experiments.Reports;

/// <summary>A line chart of a <see cref="CurvesBlock"/>.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XLabel">The horizontal axis with its unit, for instance <c>optimiser step</c>.</param>
/// <param name="YLabel">The vertical axis with its unit.</param>
/// <param name="Series">The lines; more than six share colours.</param>
public sealed record CurveChart(string Title, string XLabel, string YLabel, IReadOnlyList<CurveSeries> Series);
