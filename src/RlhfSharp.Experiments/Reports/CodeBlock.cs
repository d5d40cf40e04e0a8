namespace RlhfSharp.Experiments.Reports;

/// <summary>Text to copy, as it stands.</summary>
/// <param name="Label">What it is, for a screen reader.</param>
/// <param name="Code">The text.</param>
public sealed record CodeBlock(string Label, string Code) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", Label));
        html.Open("pre");
        html.Element("code", Code.TrimEnd('\n'));
        html.Close();
        html.Close();
    }
}
