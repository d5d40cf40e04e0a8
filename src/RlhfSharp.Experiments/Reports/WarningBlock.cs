namespace RlhfSharp.Experiments.Reports;

/// <summary>A box that a reader must not miss: a dead target network, a metric that cannot be trusted.</summary>
/// <param name="Title">What is wrong, in a few words.</param>
/// <param name="Text">What it means and what to do; an empty line starts a new paragraph.</param>
public sealed record WarningBlock(string Title, string Text) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("aside", ("class", "warning"), ("role", "note"), ("aria-label", $"Warning: {Title}"));
        html.Element("p", Title, ("class", "warning-title"), ("dir", "auto"));
        TextBlock.Paragraphs(html, Text);
        html.Close();
    }
}
