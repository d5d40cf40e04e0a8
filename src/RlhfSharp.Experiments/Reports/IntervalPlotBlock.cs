using RlhfSharp.QualityDiversity.Intervals;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Estimates with their intervals on a scale of their own.</summary>
/// <param name="Plot">What to draw.</param>
public sealed record IntervalPlotBlock(IntervalPlot Plot) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("figure", ("class", "intervals"));
        Drawing.Copy(html, IntervalPlotSvg.Draw(Plot));
        html.Close();
    }
}
