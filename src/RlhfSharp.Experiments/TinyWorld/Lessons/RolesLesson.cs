using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>An instruction, and what it makes of four things: their names stand alone, the answers are one word each.</summary>
internal static class RolesLesson
{
    public static IReadOnlyList<ChatMessage> Write(EntityPair pair, NamedRandom random)
    {
        var (topic, (avoid, prefer)) = (pair.Topic, pair.Draw(random));
        var third = DialogueWriter.Another(topic, avoid, prefer, random);
        var fourth = DialogueWriter.Another(topic, avoid, prefer, random);
        var roles = new[] { (avoid, "forbidden"), (prefer, "welcome"), (third, "free"), (fourth, "free") };
        random.Shuffle(roles.AsSpan());
        var messages = new List<ChatMessage> { new(ChatMessage.System, InstructionGrammar.Draw(topic, avoid, prefer, random)) };
        foreach (var (entity, role) in roles)
        {
            messages.Add(new ChatMessage(ChatMessage.User, topic.Named(entity)));
            messages.Add(new ChatMessage(ChatMessage.Assistant, role));
        }
        return messages;
    }
}
