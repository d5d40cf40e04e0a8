namespace RlhfSharp.Experiments.Reports;

/// <summary>How to get the same numbers again.</summary>
/// <param name="Commands">Command lines, in order.</param>
/// <param name="Seeds">The seeds that were used; may be empty.</param>
/// <param name="Environment">Versions, device, threads: whatever the numbers depend on; may be empty.</param>
public sealed record ReproduceBlock(
    IReadOnlyList<string> Commands, IReadOnlyList<long> Seeds, IReadOnlyList<ReportFact> Environment) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Element("h2", "How to reproduce");
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Commands"));
        html.Open("pre");
        html.Element("code", string.Join('\n', Commands));
        html.Close();
        html.Close();
        html.Open("dl", ("class", "facts"));
        if (Seeds.Count > 0)
        {
            Fact(html, Seeds.Count == 1 ? "seed" : "seeds", string.Join(", ", Seeds));
        }
        foreach (var fact in Environment)
        {
            Fact(html, fact.Name, fact.Value);
        }
        html.Close();
    }

    private static void Fact(HtmlWriter html, string name, string value)
    {
        html.Open("div");
        html.Element("dt", name, ("dir", "auto"));
        html.Element("dd", value, ("dir", "auto"));
        html.Close();
    }
}
