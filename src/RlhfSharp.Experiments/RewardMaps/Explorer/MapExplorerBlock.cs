using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Reports;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A map to explore: its cells, their texts and where these come from, after any number of evaluations. Without scripts the figures stay.</summary>
/// <param name="Data">As <see cref="MapExplorerData"/> writes it.</param>
/// <param name="Figures">The maps as pictures.</param>
internal sealed record MapExplorerBlock(JsonObject Data, IReadOnlyList<IReportBlock> Figures) : IScriptedBlock
{
    private static readonly Lazy<string> Code = new(() =>
    {
        string[] files = ["explorer-fold.js", "explorer-grid.js", "explorer-texts.js", "explorer-page.js"];
        return $"(() => {{\n{string.Concat(files.Select(file => ReportWriter.ReadResource($"map/{file}")))}}})();";
    });

    private static readonly Lazy<string> Css = new(() => ReportWriter.ReadResource("map/explorer.css"));

    public string Script => Code.Value;

    public string Style => Css.Value;

    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("section", ("id", "map-explorer"), ("class", "explorer"), ("aria-label", "Map to explore"), ("hidden", "hidden"));
        Region(html, "div", "explorer-choices");
        html.Element("p", string.Empty, ("class", "explorer-help note"));
        Region(html, "div", "explorer-flags");
        html.Open("div", ("class", "explorer-columns"));
        html.Open("div");
        html.Element("div", string.Empty, ("class", "explorer-map"));
        html.Element("div", string.Empty, ("class", "explorer-scale"));
        Time(html);
        Region(html, "p", "explorer-note");
        Region(html, "div", "explorer-list");
        html.Close();
        html.Element("div", string.Empty, ("class", "explorer-text"), ("data-region", "explorer-text"), ("aria-live", "polite"));
        html.Close();
        html.Close();
        html.Open("details", ("class", "figures"), ("open", "open"));
        html.Element("summary", "The maps side by side, as pictures");
        html.Open("div", ("class", "figures-grid"));
        foreach (var figure in Figures)
        {
            figure.Render(html);
        }
        html.Close();
        html.Close();
        html.Data("map-data", Data);
    }

    private static void Time(HtmlWriter html)
    {
        html.Open("div", ("class", "explorer-time"));
        html.Element("button", "Play", ("type", "button"));
        html.Empty("input", ("type", "range"), ("min", "0"), ("aria-label", "Evaluations so far"));
        html.Element("output", string.Empty);
        html.Close();
    }

    // Where the focus is kept when its contents are drawn anew.
    private static void Region(HtmlWriter html, string element, string name) => html.Element(element, string.Empty, ("class", name), ("data-region", name));
}
