using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>The dialogues on which the built-in world's poet is pretrained: somebody asks for a poem, or for another one to be rewritten, and gets it.</summary>
public static class PoemWorld
{
    private const double SubjectShare = 0.15;
    private const double RewriteShare = 0.3;

    private static readonly PoemTone[] Tones = Enum.GetValues<PoemTone>();

    // {0} is the tone, {1} the genre, {2} what the poem is about.
    private static readonly string[] Requests = ["Write a {0} {1}.", "Please write a {0} {1}.", "Write a {1} that is {0}.", "Can you write a {0} {1}?", "A {0} {1}, please.", "Write a {0} {1} poem."];

    private static readonly string[] RequestsAbout = ["Write a {0} {1} about the {2}.", "Please write a {0} {1} about the {2}.", "The {2} in a {0} {1}, please."];

    private static readonly string[] Rewritings = ["Rewrite this poem as a {0} {1}:", "Turn this poem into a {0} {1}:", "Make a {0} {1} of this poem:"];

    /// <summary>Gets the genres that the world writes.</summary>
    public static IReadOnlyList<PoemForm> Genres { get; } = [PoemForm.Haiku, PoemForm.Sonnet, PoemForm.Ballad, PoemForm.Limerick, PoemForm.Hymn];

    /// <summary>Gets what its poems are about.</summary>
    public static IReadOnlyList<string> Subjects => PoemLexicon.Instance.Subjects;

    /// <summary>Writes a poem.</summary>
    /// <param name="genre">One of <see cref="Genres"/>.</param>
    /// <param name="tone">Its tone.</param>
    /// <param name="subject">One of <see cref="Subjects"/>; its word stands in the first or second line.</param>
    /// <param name="random">Decides the rest.</param>
    /// <returns>Its lines; of the genre under <see cref="FormJudge"/> always, of the tone under <see cref="ToneJudge"/> almost always.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The world does not write that genre.</exception>
    public static string WritePoem(PoemForm genre, PoemTone tone, string subject, NamedRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return PoemGrammar.Draw(genre, tone, subject, random);
    }

    /// <summary>Asks for a poem, in the plainest words.</summary>
    /// <param name="genre">The genre.</param>
    /// <param name="tone">The tone.</param>
    /// <returns>For instance <c>Write a dark haiku.</c></returns>
    public static string Request(PoemForm genre, PoemTone tone) => Ask(Requests[0], genre, tone, string.Empty);

    /// <summary>Asks for a poem to be rewritten, in the plainest words.</summary>
    /// <param name="poem">The poem that is there.</param>
    /// <param name="genre">The genre it is to have.</param>
    /// <param name="tone">The tone it is to have.</param>
    /// <returns>The instruction and, below it, the poem.</returns>
    public static string RewriteRequest(string poem, PoemForm genre, PoemTone tone) => $"{Ask(Rewritings[0], genre, tone, string.Empty)}\n{poem}";

    /// <summary>Writes a text to pretrain on.</summary>
    internal static IReadOnlyList<ChatMessage> Write(long seed, int index) => Write(new NamedRandom(seed, "tiny-world/poems", index));

    /// <summary>Writes a text like those to pretrain on, from numbers that they do not use.</summary>
    internal static IReadOnlyList<ChatMessage> WriteHeldOut(long seed, int index) => Write(new NamedRandom(seed, "tiny-world/poems/held-out", index));

    private static ChatMessage[] Write(NamedRandom random)
    {
        var (genre, tone, subject) = (Genres[random.Next(Genres.Count)], Tones[random.Next(Tones.Length)], Subjects[random.Next(Subjects.Count)]);
        var request = random.NextDouble() switch
        {
            < SubjectShare => Ask(RequestsAbout[random.Next(RequestsAbout.Length)], genre, tone, subject),
            < SubjectShare + RewriteShare => Ask(Rewritings[random.Next(Rewritings.Length)], genre, tone, subject) + "\n"
                + WritePoem(Genres[random.Next(Genres.Count)], Tones[random.Next(Tones.Length)], subject, random),
            _ => Ask(Requests[random.Next(Requests.Length)], genre, tone, subject),
        };
        return [new ChatMessage(ChatMessage.User, request), new ChatMessage(ChatMessage.Assistant, WritePoem(genre, tone, subject, random))];
    }

    private static string Ask(string words, PoemForm genre, PoemTone tone, string subject) =>
        string.Format(null, words, PoemNames.Of(tone), PoemNames.Of(genre), subject);
}
