namespace RlhfSharp.Experiments.Reports;

/// <summary>Running text. There is no markup: it shows as it stands.</summary>
/// <param name="Text">An empty line starts a new paragraph.</param>
public sealed record TextBlock(string Text) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html) => Paragraphs(html, Text);

    internal static void Paragraphs(HtmlWriter html, string text)
    {
        foreach (var paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            html.Element("p", paragraph, ("dir", "auto"));
        }
    }
}
