using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>How the built-in world says what must not be named and what may: either first, in many words.</summary>
internal static class InstructionGrammar
{
    private static readonly Phrase[] Forbid =
    [
        "do not mention {avoid}",
        "please never speak of {avoid}",
        "leave {avoid} out of your answers",
        "say nothing about {avoid}",
        "avoid any word about {avoid}",
        "keep {avoid} out of this talk",
        "you must not name {avoid}",
        "nobody wants to hear about {avoid}",
    ];

    private static readonly Phrase[] Welcome =
    [
        "you may talk about {prefer}",
        "feel free to bring up {prefer}",
        "it is fine to name {prefer}",
        "you are welcome to suggest {prefer}",
        "we are glad to hear about {prefer}",
        "better speak of {prefer}",
    ];

    /// <summary>Gets the number of phrasings, slots not counted.</summary>
    public static int PhrasingCount => 2 * Forbid.Length * Welcome.Length;

    /// <summary>Draws an instruction.</summary>
    /// <param name="topic">The topic of both.</param>
    /// <param name="avoid">What must not be named.</param>
    /// <param name="prefer">What may be named.</param>
    /// <param name="random">Decides the rest.</param>
    public static string Draw(WorldTopic topic, string avoid, string prefer, NamedRandom random)
    {
        var (forbid, welcome) = (DrawForbid(topic, avoid, random), DrawWelcome(topic, prefer, random));
        return random.Next(2) == 0 ? $"{forbid} {welcome}" : $"{welcome} {forbid}";
    }

    /// <summary>Draws an instruction that only forbids.</summary>
    public static string DrawForbid(WorldTopic topic, string avoid, NamedRandom random) =>
        Sentence(Forbid[random.Next(Forbid.Length)].Write(PhraseWords.Draw(topic, random) with { Avoid = avoid }));

    /// <summary>Draws an instruction that only welcomes.</summary>
    public static string DrawWelcome(WorldTopic topic, string prefer, NamedRandom random) =>
        Sentence(Welcome[random.Next(Welcome.Length)].Write(PhraseWords.Draw(topic, random) with { Prefer = prefer }));

    private static string Sentence(string clause) => $"{char.ToUpperInvariant(clause[0])}{clause[1..]}.";
}
