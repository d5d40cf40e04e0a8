namespace RlhfSharp.Experiments.Reports;

/// <summary>A chart of lines or dots of a <see cref="CurvesBlock"/>.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XLabel">The horizontal axis with its unit, for instance <c>optimiser step</c>.</param>
/// <param name="YLabel">The vertical axis with its unit.</param>
/// <param name="Series">The lines; more than six share colours.</param>
public sealed record CurveChart(string Title, string XLabel, string YLabel, IReadOnlyList<CurveSeries> Series)
{
    /// <summary>Gets whether the horizontal axis is logarithmic; then all X are greater than 0.</summary>
    public bool XIsLog { get; init; }

    /// <summary>Gets names of places on the horizontal axis: the first stands at 0, the next at 1, and so on.</summary>
    /// <value>Empty, the default: the axis has numbers.</value>
    public IReadOnlyList<string> XNames { get; init; } = [];
}
