namespace RlhfSharp.Models.Tokenization;

/// <summary>What UltraRM was trained on: <c>Human: question</c>, an empty line, <c>Assistant: answer</c>, for one turn or several.</summary>
/// <remarks>The example on its card has a single line break between the two; public code uses both.</remarks>
/// <param name="name">The name that recipes use.</param>
/// <param name="between">What stands between two turns.</param>
internal sealed class UltraRmFormat(string name, string between) : IChatFormat
{
    private const string Human = "Human: ";
    private const string Assistant = "Assistant:";

    public string Name => name;

    public IReadOnlyList<string> StopStrings { get; } = [between + Human.TrimEnd()];

    public IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        var segments = new SegmentWriter();
        foreach (var (index, (role, content)) in messages.Index())
        {
            RoleOrder.RequireKnown(role, index);
            segments.AddContext(index == 0 ? string.Empty : between);
            if (role == ChatMessage.Assistant)
            {
                segments.AddContext(Assistant);
                segments.AddAnswer($" {content}");
            }
            else
            {
                segments.AddContext(role == ChatMessage.User ? Human + content : content);
            }
        }
        segments.AddContext(addGenerationPrompt ? (messages.Count == 0 ? string.Empty : between) + Assistant : string.Empty);
        return segments.ToSegments();
    }
}
