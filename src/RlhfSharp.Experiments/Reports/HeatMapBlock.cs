using RlhfSharp.QualityDiversity.HeatMaps;

namespace RlhfSharp.Experiments.Reports;

/// <summary>A heat map: values and numbers of evaluations in its cells, empty cells hatched.</summary>
/// <param name="Map">What to draw.</param>
public sealed record HeatMapBlock(HeatMap Map) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("figure", ("class", "heat-map"));
        Drawing.Copy(html, HeatMapSvg.Draw(Map));
        html.Close();
    }
}
