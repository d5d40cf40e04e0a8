using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>What formats ask of the roles of a dialogue.</summary>
internal static class RoleOrder
{
    private static readonly string[] Roles = [ChatMessage.System, ChatMessage.User, ChatMessage.Assistant];

    /// <summary>Refuses a role that there is not.</summary>
    public static void RequireKnown(string role, int index)
    {
        if (!Roles.Contains(role))
        {
            throw new InputException($"Turn {index + 1} has the role '{role}'. {NearestName.Hint(role, Roles)}");
        }
    }

    /// <summary>Refuses dialogues other than: perhaps a system turn, then person and model in turn.</summary>
    public static void RequireAlternation(IReadOnlyList<ChatMessage> messages, string format)
    {
        var skipped = messages.Count > 0 && messages[0].Role == ChatMessage.System ? 1 : 0;
        for (var i = skipped; i < messages.Count; i++)
        {
            RequireKnown(messages[i].Role, i);
            var expected = (i - skipped) % 2 == 0 ? ChatMessage.User : ChatMessage.Assistant;
            if (messages[i].Role != expected)
            {
                throw new InputException($"Turn {i + 1} has the role '{messages[i].Role}', and the chat format {format} has '{expected}' there: user and assistant take turns.");
            }
        }
    }
}
