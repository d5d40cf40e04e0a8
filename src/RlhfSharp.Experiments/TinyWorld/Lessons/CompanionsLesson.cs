using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Names that go together for no reason, asked about in another order and from either side: the answer can only be known by looking up the name
/// where it was said before.</summary>
internal static class CompanionsLesson
{
    private const int Companions = 5;

    public static IReadOnlyList<ChatMessage> Write(EntityPair pair, NamedRandom random)
    {
        var companions = PairSplit.Instance.TakeApart(Draws(random), 2 * Companions).Chunk(2)
            .Select(two => (First: Name(two[0]), Second: Name(two[1]))).ToArray();
        var messages = new List<ChatMessage>
        {
            new(ChatMessage.System, string.Join(' ', companions.Select(two => $"With {two.First} goes {two.Second}."))),
        };
        random.Shuffle(companions.AsSpan());
        foreach (var (first, second) in companions)
        {
            messages.Add(new ChatMessage(ChatMessage.User, random.Next(2) == 0 ? $"What goes with {first}?" : $"With what goes {second}?"));
            messages.Add(new ChatMessage(ChatMessage.Assistant, $"With {first} goes {second}."));
        }
        return messages;
    }

    private static string Name((WorldTopic Topic, string Entity) thing) => thing.Topic.Named(thing.Entity);

    private static IEnumerable<(WorldTopic Topic, string Entity)> Draws(NamedRandom random)
    {
        while (true)
        {
            var topic = Lexicon.Topics[random.Next(Lexicon.Topics.Count)];
            yield return (topic, topic.Entities[random.Next(topic.Entities.Count)]);
        }
    }
}
