using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The dialogues of Anthropic's hh-rlhf, to the letter: <c>\n\nHuman: ...\n\nAssistant: ...</c>.</summary>
/// <remarks>https://github.com/anthropics/hh-rlhf. The space behind <c>Assistant:</c> belongs to the answer, so that a prompt ends with the colon.
/// A system turn, which that data does not have, is plain text before the dialogue. Turns may come in any order.</remarks>
public sealed class HumanAssistantFormat : IChatFormat
{
    private const string Human = "\n\nHuman:";
    private const string Assistant = "\n\nAssistant:";

    /// <inheritdoc/>
    public string Name => "human-assistant";

    /// <inheritdoc/>
    public IReadOnlyList<string> StopStrings { get; } = [Human];

    /// <inheritdoc/>
    public IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        var segments = new SegmentWriter();
        for (var i = 0; i < messages.Count; i++)
        {
            var (role, content) = messages[i];
            switch (role)
            {
                case ChatMessage.System when i == 0:
                    segments.AddContext(content);
                    break;
                case ChatMessage.System:
                    throw new InputException($"Turn {i + 1} has the role '{role}'; the chat format {Name} has a system turn at the beginning only.");
                case ChatMessage.User:
                    segments.AddContext($"{Human} {content}");
                    break;
                case ChatMessage.Assistant:
                    segments.AddContext(Assistant);
                    segments.AddAnswer($" {content}");
                    break;
                default:
                    throw new InputException(
                        $"Turn {i + 1} has the role '{role}'. {NearestName.Hint(role, [ChatMessage.System, ChatMessage.User, ChatMessage.Assistant])}");
            }
        }
        if (addGenerationPrompt)
        {
            segments.AddContext(Assistant);
        }
        return segments.ToSegments();
    }
}
