namespace RlhfSharp.Models.Tokenization;

/// <summary>A format in which every turn stands between two markers that name its role.</summary>
/// <param name="name">The name that recipes use.</param>
/// <param name="before">What stands before a turn, <c>{role}</c> in it.</param>
/// <param name="after">What ends a turn.</param>
/// <param name="between">What follows the end of a turn before the next; not part of what the model says.</param>
/// <param name="usualSystem">The system turn where a dialogue has none; null for none.</param>
/// <param name="beginsWithBos">Whether a token for the beginning comes first.</param>
/// <param name="trims">Whether white space at the ends of what is said is taken away.</param>
internal sealed class MarkedFormat(string name, string before, string after, string between, string? usualSystem = null, bool beginsWithBos = false, bool trims = false)
    : IChatFormat
{
    public string Name => name;

    public bool BeginsWithBos => beginsWithBos;

    public TextStart Start => beginsWithBos ? TextStart.SpecialToken : TextStart.Nothing;

    public IReadOnlyList<string> StopStrings { get; } = [after];

    public IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        var segments = new SegmentWriter();
        if (usualSystem is not null && (messages.Count == 0 || messages[0].Role != ChatMessage.System))
        {
            segments.AddContext($"{Before(ChatMessage.System)}{usualSystem}{after}{between}");
        }
        foreach (var (index, (role, original)) in messages.Index())
        {
            RoleOrder.RequireKnown(role, index);
            var content = trims ? original.Trim() : original;
            segments.AddContext(Before(role));
            if (role == ChatMessage.Assistant)
            {
                segments.AddAnswer(content + after);
            }
            else
            {
                segments.AddContext(content + after);
            }
            segments.AddContext(between);
        }
        if (addGenerationPrompt)
        {
            segments.AddContext(Before(ChatMessage.Assistant));
        }
        return segments.ToSegments();
    }

    private string Before(string role) => before.Replace("{role}", role, StringComparison.Ordinal);
}
