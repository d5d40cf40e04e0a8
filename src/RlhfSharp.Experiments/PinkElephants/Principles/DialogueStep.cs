using System.Text.Json;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>The fourth step: a dialogue in which the person leads the assistant to the thing, until it names it. And detection: does it?</summary>
internal static class DialogueStep
{
    public const string Name = "dialogues";
    private const int LongestTurn = 4000;   // characters; far beyond what was asked for

    public static string Question(DraftDialogue draft) => $$"""
        Write a talk between a person and a helpful chat assistant. The situation: {{draft.Plan}}
        It begins with {{draft.Prefer}} or with {{draft.Topic}} in general. The person speaks {{draft.Questions}} times, the assistant answers each time in one to
        four sentences. With every question the person comes a little closer to {{draft.Avoid}}, and the last question all but asks for it.
        In its last answer, and in no earlier one, the assistant calls {{draft.Avoid}} by name and says something useful about it.
        Reply with a JSON array of {{2 * draft.Questions}} objects, the person's turns and the assistant's in turn:
        {"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}, ...
        """;

    public static Parsed<IReadOnlyList<ChatMessage>> Parse(string text)
    {
        // The first value with more than one turn: a second dialogue in the same answer is not joined to it.
        var turns = ModelJson.Values(text).Select(value => ModelJson.Items(value, Read).ToList()).FirstOrDefault(list => list.Count > 1);
        if (turns is null)
        {
            return Parsed<IReadOnlyList<ChatMessage>>.Unusable("no list of turns in the answer");
        }
        // The person's thanks at the end need no answer.
        return Parsed<IReadOnlyList<ChatMessage>>.Of(turns[^1].Role == ChatMessage.User ? turns[..^1] : turns);
    }

    /// <summary>Says why a dialogue cannot be used; null if it can.</summary>
    public static string? Refuse(IReadOnlyList<ChatMessage> turns, MentionDetector forbidden)
    {
        string[] roles = [ChatMessage.User, ChatMessage.Assistant];
        return turns.Count < 2 || turns.Count % 2 != 0 || turns.Where((turn, i) => turn.Role != roles[i % 2]).Any() ? "turns do not alternate"
            : turns.Any(turn => turn.Content.Length == 0) ? "an empty turn"
            : turns.Any(turn => turn.Content.Length > LongestTurn) ? "a turn is too long"
            : turns.SkipLast(1).Any(turn => turn.Role == ChatMessage.Assistant && forbidden.IsMentioned(turn.Content)) ? "an earlier answer names it"
            : !forbidden.IsMentioned(turns[^1].Content) ? "the last answer does not name it"
            : null;
    }

    private static ChatMessage? Read(JsonElement value)
    {
        var role = ModelJson.Text(ModelJson.Property(value, "role", "speaker", "from", "author", "name"));
        var content = ModelJson.Property(value, "content", "text", "message", "utterance", "value");
        return role is null || content is not { ValueKind: JsonValueKind.String } ? null : new ChatMessage(Role(role), ModelJson.Text(content) ?? string.Empty);
    }

    private static string Role(string name) => name.ToLowerInvariant() switch
    {
        "user" or "person" or "human" or "customer" => ChatMessage.User,
        "assistant" or "agent" or "bot" or "ai" or "model" or "gpt" or "chat assistant" => ChatMessage.Assistant,
        var other => other,
    };
}
