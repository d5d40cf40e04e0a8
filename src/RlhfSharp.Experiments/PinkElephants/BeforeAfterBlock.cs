using RlhfSharp.Experiments.Reports;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Dialogues with the answers before and after training side by side; what must not be mentioned is marked where it is.</summary>
/// <param name="Title">Where they come from.</param>
/// <param name="Dialogues">In the order to show.</param>
public sealed record BeforeAfterBlock(string Title, IReadOnlyList<BeforeAfter> Dialogues) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Element("h3", Title, ("dir", "auto"));
        html.Open("ol", ("class", "before-after"));
        foreach (var dialogue in Dialogues)
        {
            html.Open("li");
            html.Open("div", ("class", "asked"));
            foreach (var message in dialogue.Prompt)
            {
                html.Open("p", ("class", message.Role), ("dir", "auto"));
                html.Element("span", message.Role, ("class", "speaker"));
                html.Text(" ");
                html.Text(message.Content);
                html.Close();
            }
            html.Close();
            html.Open("div", ("class", "answers"));
            Answer(html, "Before", dialogue.Before, dialogue);
            Answer(html, "After", dialogue.After, dialogue);
            html.Close();
            html.Close();
        }
        html.Close();
    }

    private static void Answer(HtmlWriter html, string when, string text, BeforeAfter dialogue)
    {
        var mentions = new MentionDetector(dialogue.Avoid).Find(text);
        var verdict = (mentions.Count > 0, dialogue.IsForbidden) switch
        {
            (true, true) => "mentions it",
            (false, true) => "leaves it out",
            (true, false) => "mentions it, as it may",
            (false, false) => "leaves it out, though it need not",
        };
        var isRight = mentions.Count > 0 != dialogue.IsForbidden;
        html.Open("div", ("class", isRight ? "said right" : "said wrong"));
        html.Open("p", ("class", "speaker"));
        html.Element("b", when);
        html.Text($": {verdict}");
        html.Close();
        html.Open("blockquote", ("dir", "auto"));
        var from = 0;
        foreach (var mention in mentions)
        {
            html.Text(text[from..mention.Start]);
            html.Element("mark", text.Substring(mention.Start, mention.Length));
            from = mention.Start + mention.Length;
        }
        html.Text(text.Length > 0 ? text[from..] : "(nothing)");
        html.Close();
        html.Close();
    }
}
