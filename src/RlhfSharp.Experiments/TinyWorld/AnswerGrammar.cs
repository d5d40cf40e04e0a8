using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>How answers are built in the built-in world: an opening that names a thing, one or two sentences about it, perhaps a late word about
/// another thing, a closing.</summary>
internal static class AnswerGrammar
{
    // Names never begin a sentence: they look the same everywhere.
    private static readonly Phrase[] Openings =
    [
        "I would go with {entity} {occasion}.",
        "My pick is {entity}, {a-quality} {noun}.",
        "You could choose {entity} {occasion}.",
        "In my view {a-quality} {noun} is {entity}.",
        "I can suggest {entity}, it is {quality} and {second}.",
        "There is nothing like {entity} {occasion}.",
        "Many people like {entity} {occasion}.",
        "Why not think of {entity}, {a-quality} {noun}?",
        "The right {noun} {occasion} is {entity}.",
        "Let me tell you about {entity}, it is quite {quality}.",
        "One {quality} {noun} {occasion} is {entity}.",
        "You cannot go wrong with {entity}.",
    ];

    private static readonly Phrase[] Middles =
    [
        "It is {quality} and {second}.",
        "It seems {quality} but never {second}.",
        "People say that it is {quality}.",
        "Most of my friends find it {quality}, some find it {second}.",
        "It does well {occasion}.",
        "I like it best {occasion}.",
        "Nothing else is so {quality} {occasion}.",
        "It can be {quality} too.",
        "Few people expect it to be so {quality}.",
    ];

    private static readonly Phrase[] LateWords =
    [
        "Still, {entity} is just as {quality}.",
        "If not, take {entity} instead.",
        "Some would say that {entity} is more {quality}.",
        "It goes well beside {entity}.",
        "You could also think of {entity} {occasion}.",
    ];

    private static readonly Phrase[] Closings =
    [
        "You will find it {place}.",
        "Look for it {place}.",
        "You may ask for it {place}.",
        "It is easy to find {place}.",
        "I once saw it {place}.",
        "People often meet it {place}.",
        "A good one can be found {place}.",
    ];

    private static readonly ConcurrentDictionary<string, Regex> Recognisers = new();
    private static readonly ConcurrentDictionary<string, Regex> SentenceRecognisers = new();

    /// <summary>Gets the number of ways to build an answer of one opening, one or two middles and a closing.</summary>
    public static int SkeletonCount => Openings.Length * (Middles.Length + Middles.Length * (Middles.Length - 1)) * Closings.Length;

    /// <summary>Draws an answer.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="entity">What it speaks of.</param>
    /// <param name="lateEntity">What it comes to speak of later; null for nothing.</param>
    /// <param name="occasion">What the person asked about; the opening takes it up.</param>
    /// <param name="random">Decides the rest.</param>
    public static string Draw(WorldTopic topic, string entity, string? lateEntity, string occasion, NamedRandom random)
    {
        var opening = DrawBrief(topic, entity, occasion, random);
        var first = random.Next(Middles.Length);
        var sentences = new List<string> { opening, Middles[first].Write(PhraseWords.Draw(topic, random)) };
        if (lateEntity is not null)
        {
            sentences.Add(LateWords[random.Next(LateWords.Length)].Write(PhraseWords.Draw(topic, random) with { Entity = lateEntity }));
        }
        else if (random.Next(3) == 0)
        {
            var second = (first + 1 + random.Next(Middles.Length - 1)) % Middles.Length;
            sentences.Add(Middles[second].Write(PhraseWords.Draw(topic, random)));
        }
        sentences.Add(Closings[random.Next(Closings.Length)].Write(PhraseWords.Draw(topic, random)));
        return string.Join(' ', sentences);
    }

    /// <summary>Draws an answer of one sentence: the opening alone.</summary>
    public static string DrawBrief(WorldTopic topic, string entity, string occasion, NamedRandom random) =>
        Openings[random.Next(Openings.Length)].Write(PhraseWords.Draw(topic, random) with { Entity = entity, Occasion = occasion });

    /// <summary>Tells whether an answer can be built about a topic, whatever thing it names.</summary>
    public static bool IsWellFormed(string answer, WorldTopic topic) => Recognisers.GetOrAdd(topic.Name, _ => Recogniser(topic)).IsMatch(answer);

    /// <summary>Tells whether a sentence can stand in an answer about a topic, whatever thing it names.</summary>
    public static bool IsSentence(string sentence, WorldTopic topic) => SentenceRecognisers
        .GetOrAdd(topic.Name, _ => new Regex($@"\A{Any([.. Openings, .. Middles, .. LateWords, .. Closings], topic)}\z", RegexOptions.CultureInvariant)).IsMatch(sentence);

    private static string Any(IEnumerable<Phrase> phrases, WorldTopic topic) => $"(?:{string.Join('|', phrases.Select(phrase => phrase.Pattern(topic)))})";

    private static Regex Recogniser(WorldTopic topic) => new(
        $@"\A{Any(Openings, topic)} {Any(Middles, topic)} (?:{Any([.. Middles, .. LateWords], topic)} )?{Any(Closings, topic)}\z", RegexOptions.CultureInvariant);
}
