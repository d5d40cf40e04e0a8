namespace RlhfSharp.Experiments.Reports;

/// <summary>What came out, in a sentence or two: the first thing that a reader sees.</summary>
/// <param name="Text">An empty line starts a new paragraph.</param>
public sealed record VerdictBlock(string Text) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("div", ("class", "verdict"));
        TextBlock.Paragraphs(html, Text);
        html.Close();
    }
}
