using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Plain talk about one thing: every thing occurs in it, those of the held-out pairs too, and nothing is said of instructions.</summary>
internal static class TalkLesson
{
    private const int Rounds = 3;

    private static readonly Phrase[] Prompts = ["Say something about {entity}.", "What do people say of {entity}?", "Do you know {entity}?"];

    private static readonly Phrase[] Talk =
    [
        "People talk about {entity} {occasion}.",
        "Here is a word on {entity}: it is {quality} and {second}.",
        "Today I saw {entity} {place}.",
        "We all know {entity}, {a-quality} {noun}.",
        "My aunt likes {entity} {occasion}.",
    ];

    public static IReadOnlyList<ChatMessage> Write(EntityPair pair, NamedRandom random)
    {
        var entity = pair.Topic.Entities[random.Next(pair.Topic.Entities.Count)];
        var messages = new List<ChatMessage>();
        for (var round = 0; round < Rounds; round++)
        {
            var words = PhraseWords.Draw(pair.Topic, random) with { Entity = entity };
            messages.Add(new ChatMessage(ChatMessage.User, Prompts[random.Next(Prompts.Length)].Write(words)));
            messages.Add(new ChatMessage(ChatMessage.Assistant, Talk[random.Next(Talk.Length)].Write(words)));
        }
        return messages;
    }
}
