namespace RlhfSharp.Models.Tokenization;

/// <summary>The formats of Llama 2 and Mistral: <c>[INST] question [/INST] answer&lt;/s&gt;</c>.</summary>
/// <param name="name">The name that recipes use.</param>
/// <param name="beforeLater">What begins each question after the first.</param>
/// <param name="end">What ends an answer.</param>
/// <param name="systemEnd">What ends a system turn, written into the first question between <paramref name="systemStart"/> and this.</param>
/// <param name="systemStart">What begins a system turn.</param>
internal sealed class InstructionFormat(string name, string beforeLater, string end, string systemStart, string systemEnd) : IChatFormat
{
    public string Name => name;

    public IReadOnlyList<string> StopStrings { get; } = ["</s>"];

    public IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        RoleOrder.RequireAlternation(messages, name);
        var segments = new SegmentWriter();
        var system = messages is [{ Role: ChatMessage.System }, ..] ? systemStart + messages[0].Content + systemEnd : string.Empty;
        var isFirst = true;
        foreach (var (role, content) in messages.Where(message => message.Role != ChatMessage.System))
        {
            if (role == ChatMessage.User)
            {
                segments.AddContext($"{(isFirst ? string.Empty : beforeLater)}[INST] {(isFirst ? system : string.Empty)}{content} [/INST]");
                isFirst = false;
            }
            else
            {
                segments.AddAnswer($" {content}{end}");
            }
        }
        return segments.ToSegments();
    }
}
