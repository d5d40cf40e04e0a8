using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Questions that ask what was said of a thing.</summary>
internal static class RoleQuestions
{
    private static readonly Phrase[] Phrases = ["What about {entity}?", "What were you told about {entity}?", "How is it with {entity}?"];

    public static string Draw(WorldTopic topic, string entity, NamedRandom random) =>
        Phrases[random.Next(Phrases.Length)].Write(PhraseWords.Draw(topic, random) with { Entity = entity });
}
