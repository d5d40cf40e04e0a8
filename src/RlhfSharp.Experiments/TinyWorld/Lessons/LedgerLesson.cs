using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>What was said of one thing after the other, instructions among it. Most of what is said can be many things, and is worth looking up for
/// that: where it can only be forbidden or welcome, guessing is nearly as good, and the lookup is not learnt.</summary>
internal static class LedgerLesson
{
    private const int Said = 6;
    private const int NotSaid = 2;

    private static readonly Phrase[] Facts =
    [
        "People call {entity} {quality}.",
        "They say that {entity} is {quality}.",
        "One {quality} {noun} is {entity}.",
        "So {quality} is {entity}.",
    ];

    public static IReadOnlyList<ChatMessage> Write(EntityPair pair, NamedRandom random)
    {
        var topic = pair.Topic;
        var shuffled = topic.Entities.ToArray();
        random.Shuffle(shuffled.AsSpan());
        var things = PairSplit.Instance.TakeApart(shuffled.Select(entity => (topic, entity)), Said + NotSaid).Select(thing => thing.Entity).ToArray();
        var entries = things[..Said].Select(entity => Say(topic, entity, random)).ToList();
        var asked = entries.Select(entry => (entry.Entity, entry.Role)).Concat(things[Said..].Select(entity => (Entity: entity, Role: "unknown"))).ToArray();
        random.Shuffle(asked.AsSpan());
        var messages = new List<ChatMessage> { new(ChatMessage.System, string.Join(' ', entries.Select(entry => entry.Text))) };
        if (random.Next(2) == 0)
        {
            messages.Add(new ChatMessage(ChatMessage.User, "What do you know?"));
            messages.Add(new ChatMessage(ChatMessage.Assistant, string.Join(' ', asked.Select(entry => $"So {topic.Named(entry.Entity)} is {entry.Role}."))));
            return messages;
        }
        foreach (var (entity, role) in asked)
        {
            messages.Add(new ChatMessage(ChatMessage.User, RoleQuestions.Draw(topic, entity, random)));
            messages.Add(new ChatMessage(ChatMessage.Assistant, $"It is {role}."));
        }
        return messages;
    }

    private static (string Entity, string Text, string Role) Say(WorldTopic topic, string entity, NamedRandom random)
    {
        var words = PhraseWords.Draw(topic, random) with { Entity = entity };
        return random.Next(4) switch
        {
            0 => (entity, InstructionGrammar.DrawForbid(topic, entity, random), "forbidden"),
            1 => (entity, InstructionGrammar.DrawWelcome(topic, entity, random), "welcome"),
            _ => (entity, Facts[random.Next(Facts.Length)].Write(words), words.Quality),
        };
    }
}
