namespace RlhfSharp.Experiments.Reports;

/// <summary>Starts a section.</summary>
/// <param name="Text">The section's name.</param>
public sealed record HeadingBlock(string Text) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html) => html.Element("h2", Text, ("dir", "auto"));
}
