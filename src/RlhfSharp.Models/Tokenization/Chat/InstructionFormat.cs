using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The formats of Llama 2 and Mistral: <c>[INST] question [/INST] answer&lt;/s&gt;</c>.</summary>
/// <param name="name">The name that recipes use.</param>
internal sealed class InstructionFormat(string name) : IChatFormat
{
    /// <summary>Gets what stands before the first question.</summary>
    public string BeforeFirst { get; init; } = string.Empty;

    /// <summary>Gets what stands before each later question.</summary>
    public string BeforeLater { get; init; } = string.Empty;

    /// <summary>Gets what stands around a system turn, which is written into the first question; null where the format has none.</summary>
    public (string Start, string End)? System { get; init; }

    /// <summary>Gets what stands before an answer.</summary>
    public string BeforeAnswer { get; init; } = " ";

    /// <summary>Gets what ends an answer.</summary>
    public string AfterAnswer { get; init; } = "</s>";

    /// <summary>Gets whether white space at the ends of questions and answers is taken away; the first question is one with its system turn.</summary>
    public bool Trims { get; init; }

    public string Name => name;

    public TextStart Start => TextStart.SpecialToken;

    public IReadOnlyList<string> StopStrings { get; } = ["</s>"];

    public IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        RoleOrder.RequireAlternation(messages, name);
        var segments = new SegmentWriter();
        var system = messages is [{ Role: ChatMessage.System }, ..] ? Write(messages[0].Content) : string.Empty;
        var isFirst = true;
        foreach (var (role, content) in messages.Where(message => message.Role != ChatMessage.System))
        {
            if (role == ChatMessage.User)
            {
                segments.AddContext($"{(isFirst ? BeforeFirst : BeforeLater)}[INST] {Trim(isFirst ? system + content : content)} [/INST]");
                isFirst = false;
            }
            else
            {
                segments.AddAnswer(BeforeAnswer + Trim(content) + AfterAnswer);
            }
        }
        return segments.ToSegments();
    }

    private string Write(string content) => System is { } around
        ? around.Start + content + around.End
        : throw new InputException($"Turn 1 has the role '{ChatMessage.System}', which the chat format {name} does not have: say it in the first question.");

    private string Trim(string content) => Trims ? content.Trim() : content;
}
