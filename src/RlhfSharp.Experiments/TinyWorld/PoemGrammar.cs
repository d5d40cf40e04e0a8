using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>How poems are built in the built-in world: lines of counted syllables that end in rhyme, in five genres.</summary>
internal static class PoemGrammar
{
    /// <summary>How many stanzas a ballad or a hymn can have: with three rhymes each they need 18 of the lexicon's 24 sounds.</summary>
    public const int MostStanzas = 6;

    private const int MostDraws = 400;

    // Lines of any poem. They begin with a small word, so that every word of weight looks the same everywhere.
    private static readonly PoemLine[] Common =
    [
        "the {adj} {end}", "a {adj} {noun} by the {end}", "the {noun} {verb} by the {end}", "and {adj} is the {end}", "no {noun} is on the {end}", "by the {adj} {adj} {end}",
        "I hear the {noun} and the {end}", "the {adj} {noun} {verb} at the {end}", "a {noun} that {verb} on the {end}", "and so the {noun} {verb} by the {end}", "under the {adj} {end}",
        "with {adj} {noun} and {adj} {end}", "the {noun} of every {end}", "we saw a {adj} {noun} near the {end}", "it {verb} along the {adj} {end}", "beside the {adj} {noun} and {end}",
        "where the {noun} {verb} on the {end}", "between the {noun} and the {end}", "the {noun} and the {end}", "a {noun} for the {adj} {end}", "there is a {noun} in the {end}",
        "and still it {verb} beyond the {end}", "all {adj} is the {noun}, all {adj} the {end}", "if the {noun} {verb}, so does the {end}", "the {noun} {verb}, and {adj} is the {end}",
        "I know the {adj} {noun} of the {end}", "so {adj} a {noun}, so {adj} a {end}", "the {noun} {verb} within the {adj} {end}", "my {adj} {noun}, my {adj} {end}", "like a {adj} {noun} on the {end}",
    ];

    private static readonly PoemLine[] Openings =
    [
        "the {noun} {verb} at the {end}", "the {adj} {noun} {verb} by the {end}", "I saw the {adj} {noun} and the {end}", "O {adj} {noun}, {adj} {end}", "the {noun} and the {end}",
        "here is the {noun} and the {adj} {end}", "the {noun} {verb} beyond the {end}", "this is the {adj} {noun} of the {end}", "there is a {noun} by the {adj} {end}", "see how the {noun} {verb} on the {end}",
        "the {noun} {verb} along the {adj} {end}", "beside the {noun} is a {adj} {end}", "the {adj} {noun} by the {end}", "by the {noun}, a {adj} {end}", "the {noun} by the {adj} {end}",
    ];

    // Haiku need not rhyme, and their lines are short.
    private static readonly PoemLine[] HaikuFirst =
    [
        .. Openings, "the {noun} {verb}", "the {noun}, the {end}", "a {noun}, a {end}", "by the {noun}, a {end}", "O {adj} {noun}", "here is the {noun}", "the {noun} is {adj}", "only the {noun}",
        "a {adj} {noun}", "the {noun} {verb} here", "near the {noun}, a {end}", "again the {noun}", "the {adj} {noun}",
    ];

    private static readonly PoemLine[] HaikuLast =
    [
        .. Common, "and it {verb} again", "nothing is {adj}", "how {adj} it is", "and the {noun} {verb}", "a {adj} {noun}", "the {noun} {verb} too", "no {noun} {verb}", "with a {adj} {noun}",
    ];

    private static readonly PoemLine[] BalladTale =
    [
        "they rode beyond the {adj} {end}", "she waited by the {adj} {end}", "he came at last to the {adj} {end}", "and no one went to the {adj} {end}", "they found the {noun} by the {end}",
        "he took the {noun} from the {end}", "she gave the {noun} for a {end}", "they say the {noun} {verb} by the {end}", "and nobody came to the {end}", "she left the {noun} at the {end}",
        "he told it to the {end}", "and long they sat by the {end}", "they never left the {end}", "and he went back to the {end}", "she rode from the {adj} {end}", "they spoke of the {noun} and the {end}",
    ];

    private static readonly PoemLine[] Praise =
    [
        "we praise the {noun} and the {end}", "O Lord of every {adj} {end}", "O God of the {noun} and the {end}", "praise to the {noun}, praise to the {end}", "we bless the {adj} {noun} and {end}",
        "O holy {noun}, holy {end}", "the grace of God is on the {end}", "give glory to the {adj} {end}", "the angels keep the {adj} {end}", "O Lord, we bless the {end}",
        "in faith we sing by the {adj} {end}", "sing hymns for the {adj} {end}", "amen to the {noun} of the {end}", "our prayer is the {noun} and the {end}", "and holy is the {noun} on the {end}",
        "we worship by the {adj} {end}", "the Lord is at the {end}", "O bless the {adj} {end}", "we praise the {adj} {end}",
    ];

    private static readonly PoemLine[] LimerickFirst =
    [
        "there once was a {adj} {person} of the {end}", "a {adj} {person} who lived by the {end}", "there was a {adj} {person} with a {end}", "a {person} who sat by the {adj} {end}", "a {adj} {person} went out to the {end}",
        "there lived an old {person} on a {end}", "a {person} who came from the {adj} {end}", "one day a {adj} {person} met a {end}", "a {adj} {person} was fond of a {end}", "there once was a {person} and a {end}",
    ];

    private static readonly PoemLine[] LimerickSecond =
    [
        "who sang of the {noun} to the {end}", "who carried the {noun} to the {end}", "who asked of the {noun} at the {end}", "who painted the {noun} on a {end}", "who followed the {noun} and the {end}",
        "who dreamt of the {noun} and a {end}", "and looked for the {noun} by the {end}", "who wrote to the {noun} from the {end}", "and called to the {noun} by the {adj} {end}", "who put the {adj} {noun} on the {end}",
        "and spoke of the {noun} to a {end}", "and thought that the {noun} was a {end}",
    ];

    private static readonly PoemLine[] LimerickShort =
    [
        "it {verb} on the {end}", "and sat on a {end}", "with a {noun} and a {end}", "and ran to the {end}", "with a {adj} {end}", "and {adj} was the {end}", "the {noun} and the {end}", "it fell off the {end}",
        "and it hid in the {end}", "and slept in a {adj} {end}", "the {noun} {verb} by the {end}", "and hopped on the {end}", "and sang with the {end}", "but the {noun} took the {end}", "and gave it a {end}",
    ];

    private static readonly PoemLine[] LimerickLast =
    [
        "that {adj} {person} and the {end}", "so that was the end of the {end}", "and never went back to the {end}", "oh {adj} was the {noun}, oh {adj} the {end}", "and now it {verb} by the {adj} {end}",
        "and that is the tale of the {end}", "and now there is only the {end}", "and {adj} was the {noun} on the {end}", "which pleased the {adj} {noun} and the {end}", "and home went the {person} with the {end}",
    ];

    /// <summary>Draws a poem.</summary>
    /// <param name="genre">One of the five of <see cref="PoemWorld.Genres"/>.</param>
    /// <param name="tone">Its tone.</param>
    /// <param name="subject">What it is about; its word stands in the first or second line.</param>
    /// <param name="random">Decides the rest.</param>
    /// <param name="stanzas">Of ballads and hymns, from 2 to <see cref="MostStanzas"/>; the other genres have the lines that they have.</param>
    /// <returns>Its lines, without empty ones between stanzas.</returns>
    public static string Draw(PoemForm genre, PoemTone tone, string subject, NamedRandom random, int stanzas = 2)
    {
        var plan = genre switch
        {
            PoemForm.Haiku => Haiku(),
            PoemForm.Limerick => Limerick(random),
            PoemForm.Sonnet => Sonnet(),
            PoemForm.Ballad => Ballad(random, stanzas),
            PoemForm.Hymn => Hymn(random, stanzas),
            _ => throw new ArgumentOutOfRangeException(nameof(genre), genre, "The built-in world writes haiku, sonnets, ballads, limericks and hymns."),
        };
        return Write(plan, PoemWords.Of(tone), subject, random);
    }

    private static List<PlannedLine> Haiku() => [new(HaikuFirst, 5, 'a', true), new(Common, 7, 'b', false), new(HaikuLast, 5, 'c', false)];

    private static List<PlannedLine> Limerick(NamedRandom random)
    {
        var (isLong, isShort) = (9 + random.Next(2), 5 + random.Next(2));
        return
        [
            new(LimerickFirst, isLong, 'a', false), new(LimerickSecond, isLong, 'a', true), new(LimerickShort, isShort, 'b', false), new(LimerickShort, isShort, 'b', false),
            new(LimerickLast, isLong, 'a', false),
        ];
    }

    // Short lines: a small model with a short context is to write them.
    private static List<PlannedLine> Sonnet() =>
        [.. "ababcdcdefefgg".Select((rhyme, line) => new PlannedLine(line == 0 ? Openings : Common, 6, rhyme, line == 0))];

    private static List<PlannedLine> Ballad(NamedRandom random, int stanzas)
    {
        var scheme = Scheme(random.Next(2) == 0 ? "abcb" : "abab", stanzas);
        return
        [
            .. scheme.Select((rhyme, line) => new PlannedLine(
                line == 0 ? Openings : random.Next(2) == 0 ? BalladTale : Common, line % 2 == 0 ? 8 : 6, rhyme, line == 0)),
        ];
    }

    private static List<PlannedLine> Hymn(NamedRandom random, int stanzas)
    {
        (int[] Counts, string[] Schemes)[] metres = [([8, 6, 8, 6], ["abab", "abcb"]), ([8, 8, 8, 8], ["aabb", "abab"]), ([6, 6, 8, 6], ["abcb", "abab"])];
        var (counts, schemes) = metres[random.Next(metres.Length)];
        return
        [
            .. Scheme(schemes[random.Next(schemes.Length)], stanzas).Select((rhyme, line) => new PlannedLine(
                line == 0 ? Openings : line % 2 == 0 || random.Next(3) == 0 ? Praise : Common, counts[line % 4], rhyme, line == 0)),
        ];
    }

    // Every stanza has sounds of its own.
    private static string Scheme(string stanza, int stanzas)
    {
        var sounds = stanza.Distinct().Count();
        return string.Concat(Enumerable.Range(0, stanzas).SelectMany(number => stanza.Select(sound => (char)(sound + number * sounds))));
    }

    private static string Write(List<PlannedLine> plan, PoemWords words, string subject, NamedRandom random)
    {
        var families = PoemLexicon.Instance.Rhymes;
        var places = Enumerable.Range(0, families.Count).ToArray();
        random.Shuffle(places.AsSpan());
        var (ends, lines) = (new Dictionary<char, Queue<string>>(), new List<string>());
        foreach (var (index, line) in plan.Index())
        {
            if (!ends.TryGetValue(line.Rhyme, out var family))
            {
                var shuffled = families[places[ends.Count]].ToArray();
                random.Shuffle(shuffled.AsSpan());
                ends[line.Rhyme] = family = new Queue<string>(shuffled);
            }
            var text = Fill(line, words, family.Dequeue(), line.HasSubject ? subject : null, random);
            lines.Add($"{char.ToUpperInvariant(text[0])}{text[1..]}{Mark(index, plan.Count, random)}");
        }
        return string.Join('\n', lines);
    }

    private static string Fill(PlannedLine line, PoemWords words, string end, string? subject, NamedRandom random)
    {
        for (var draw = 0; draw < MostDraws; draw++)
        {
            if (line.Pool[random.Next(line.Pool.Length)].Write(words, line.Syllables, end, subject, random) is { } text)
            {
                return text;
            }
        }
        throw new InvalidOperationException($"No line of {line.Syllables} syllables that ends in '{end}' was found.");
    }

    private static string Mark(int line, int count, NamedRandom random) => line == count - 1 ? "." : random.Next(4) switch { 0 => ".", 1 => ";", _ => "," };

    private sealed record PlannedLine(PoemLine[] Pool, int Syllables, char Rhyme, bool HasSubject);
}
