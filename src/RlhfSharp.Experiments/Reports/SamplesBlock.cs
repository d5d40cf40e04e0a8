namespace RlhfSharp.Experiments.Reports;

/// <summary>Answers of a model, one to unfold each.</summary>
/// <param name="Title">Where they come from.</param>
/// <param name="Samples">In the order to show.</param>
/// <param name="ShowText">False for data that must not be spread: no letter of prompt or answer then gets into the file.</param>
public sealed record SamplesBlock(string Title, IReadOnlyList<ReportSample> Samples, bool ShowText) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Element("h3", Title, ("dir", "auto"));
        if (!ShowText)
        {
            html.Element("p", "Text not shown, pass --show-text.", ("class", "note"));
        }
        html.Open("ol", ("class", "samples"));
        for (var i = 0; i < Samples.Count; i++)
        {
            html.Open("li");
            if (ShowText)
            {
                Unfolding(html, Samples[i], open: i == 0);
            }
            else
            {
                Facts(html, Samples[i]);
            }
            html.Close();
        }
        html.Close();
    }

    private static void Unfolding(HtmlWriter html, ReportSample sample, bool open)
    {
        html.Open("details", open ? [("open", "open")] : []);
        html.Open("summary");
        html.Element("span", OneLine(sample.Prompt), ("class", "excerpt"), ("dir", "auto"));
        Facts(html, sample);
        html.Close();
        Said(html, "Prompt", sample.Prompt);
        Said(html, "Answer", sample.Answer);
        html.Close();
    }

    private static void Said(HtmlWriter html, string who, string text)
    {
        html.Element("p", who, ("class", "speaker"));
        html.Element("blockquote", text.Length > 0 ? text : "(empty)", ("dir", "auto"), ("class", who.ToLowerInvariant()));
    }

    // The style sheet cuts it to the width there is; this bound only keeps long prompts from doubling the file.
    private static string OneLine(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= 160 ? words : $"{words[..(char.IsHighSurrogate(words[159]) ? 159 : 160)]}…";
    }

    private static void Facts(HtmlWriter html, ReportSample sample)
    {
        html.Open("span", ("class", "sample-facts"));
        foreach (var fact in sample.Facts)
        {
            html.Open("span");
            html.Element("bdi", fact.Name);
            html.Text(" ");
            html.Element("b", fact.Value, ("dir", "auto"));
            html.Close();
            html.Text(" ");
        }
        html.Close();
    }
}
