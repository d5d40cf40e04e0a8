using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Reads dialogues that are one string, <c>\n\nHuman: …\n\nAssistant: …</c>, as in Anthropic's hh-rlhf.</summary>
internal static class AnthropicDialogue
{
    private const string Human = "\n\nHuman:";
    private const string Assistant = "\n\nAssistant:";

    public static bool Is(string text) => text.StartsWith(Human, StringComparison.Ordinal);

    /// <summary>Cuts a dialogue into turns. One blank after a marker belongs to it; all other white space is content, so that writing the turns
    /// out gives the string back. The same side may speak twice in a row: about one row in 200 of hh-rlhf has such turns.</summary>
    public static IReadOnlyList<ChatMessage> Parse(string text)
    {
        var messages = new List<ChatMessage>();
        var (role, next) = Marker(text, 0);
        while (role is not null)
        {
            var start = next;
            string? nextRole = null;
            var end = start;
            for (; end < text.Length; end++)
            {
                (nextRole, next) = Marker(text, end);
                if (nextRole is not null)
                {
                    break;
                }
            }
            messages.Add(new ChatMessage(role, text[start..end]));
            role = nextRole;
        }
        return messages;
    }

    // The role of the marker that begins here, if one does, and where its content begins.
    private static (string? Role, int Next) Marker(string text, int at)
    {
        var rest = text.AsSpan(at);
        var (role, length) = rest.StartsWith(Human, StringComparison.Ordinal) ? (ChatMessage.User, Human.Length)
            : rest.StartsWith(Assistant, StringComparison.Ordinal) ? (ChatMessage.Assistant, Assistant.Length)
            : (null, 0);
        return (role, at + length + (role is not null && rest.Length > length && rest[length] == ' ' ? 1 : 0));
    }
}
