using CsCheck;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class PoemWorldTests
{
    private const int Count = 20_000;

    private static readonly Lazy<IReadOnlyList<(PoemForm Genre, PoemTone Tone, string Subject, string Text)>> Poems = new(() =>
    [
        .. Enumerable.Range(0, Count).Select(index =>
        {
            var (genre, tone, subject) = (PoemWorld.Genres[index % 5], (PoemTone)(index / 5 % 5), PoemWorld.Subjects[index / 25 % PoemWorld.Subjects.Count]);
            return (genre, tone, subject, PoemWorld.WritePoem(genre, tone, subject, new NamedRandom(7, "test", index)));
        }),
    ]);

    [Fact]
    public void WritePoem_AnyGenreToneAndSubject_IsTrueToItsForm() =>
        Gen.Select(Gen.Int[0, PoemWorld.Genres.Count - 1], Gen.Int[0, 4], Gen.Int[0, PoemWorld.Subjects.Count - 1], Gen.Int).Sample((genreIndex, tone, subjectIndex, seed) =>
        {
            var (genre, subject) = (PoemWorld.Genres[genreIndex], PoemWorld.Subjects[subjectIndex]);
            var poem = PoemWorld.WritePoem(genre, (PoemTone)tone, subject, new NamedRandom(seed, "test"));
            var verdict = FormJudge.Judge(poem);
            Assert.True(verdict.Form == genre, $"{genre}: {verdict.Reason}\n{poem}");
            Assert.Contains(subject, string.Join(' ', poem.Split('\n').Take(2)), StringComparison.Ordinal);
        }, iter: 3000);

    [Fact]   // the share that docs/tiny-world.md states
    public void WritePoem_Tone_IsTheOneAskedForAlmostAlways()
    {
        var wrong = Poems.Value.Where(poem => ToneJudge.Judge(poem.Text).Tone != poem.Tone).ToList();
        var byGenre = string.Join(", ", PoemWorld.Genres.Select(genre => $"{genre} {wrong.Count(poem => poem.Genre == genre)}"));
        Assert.True(wrong.Count < 0.015 * Count, $"{wrong.Count} of {Count}: {byGenre}; {wrong.FirstOrDefault().Text}");
    }

    [Fact]
    public void WritePoem_TwentyThousand_AreVaried()
    {
        Assert.True(Poems.Value.Select(poem => poem.Text).Distinct().Count() > 0.995 * Count, "poems repeat");
        var skeletons = Poems.Value.CountBy(poem => Skeleton(poem.Text)).ToList();
        Assert.True(skeletons.Max(skeleton => skeleton.Value) < 0.02 * Count, $"{skeletons.MaxBy(skeleton => skeleton.Value)}");
        foreach (var genre in PoemWorld.Genres)   // nor within a genre
        {
            var most = Poems.Value.Where(poem => poem.Genre == genre).CountBy(poem => Skeleton(poem.Text)).MaxBy(skeleton => skeleton.Value);
            Assert.True(most.Value < 0.02 * Count / 5, $"{genre}: {most}");
        }
    }

    [Fact]
    public void Lexicon_Rhymes_AreHeardWithinAFamilyAndNotAcross()
    {
        var families = PoemLexicon.Instance.Rhymes;
        foreach (var (index, family) in families.Index())
        {
            Assert.True(family.Count >= 4);
            foreach (var (first, second) in from first in family from second in family where first != second select (first, second))
            {
                Assert.True(Rhymes.Match(first, second) == RhymeKind.Sound, $"{first}, {second}");
            }
            Assert.All(families.Skip(index + 1), other => Assert.True(Rhymes.Match(family[0], other[0]) == RhymeKind.None, $"{family[0]}, {other[0]}"));
        }
    }

    [Fact]   // a word of two tones would tell nothing, and a word of worship would make a hymn of a ballad
    public void Lexicon_WordsOfTones_AreOfOneToneAndOfNoOtherUse()
    {
        var lexicon = PoemLexicon.Instance;
        var words = lexicon.Tones.SelectMany(tone => tone.Value.Adjectives.Concat(tone.Value.Nouns).Concat(tone.Value.Verbs).Distinct().Select(word => (word, tone.Key))).ToList();
        Assert.Equal(words.Select(entry => entry.word).Distinct().Count(), words.Count);
        string[] others = [.. lexicon.Subjects, .. lexicon.Persons, .. lexicon.Neutral.Adjectives, .. lexicon.Neutral.Nouns, .. lexicon.Neutral.Verbs, .. lexicon.Rhymes.SelectMany(family => family)];
        Assert.Empty(words.Select(entry => entry.word).Intersect(others));
        Assert.DoesNotContain(words.Select(entry => entry.word).Concat(others), Worship.IsWordOfWorship);
    }

    [Fact]
    public void Write_Dialogues_AskAndAnswer()
    {
        var dialogues = Enumerable.Range(0, 2000).Select(index => PoemWorld.Write(0, index)).ToList();

        Assert.All(dialogues, dialogue => Assert.Equal([ChatMessage.User, ChatMessage.Assistant], dialogue.Select(message => message.Role)));
        Assert.InRange(dialogues.Count(dialogue => dialogue[0].Content.Contains('\n', StringComparison.Ordinal)), 500, 700);   // three in ten are rewritings
        Assert.Equal(dialogues.Take(50).Select(dialogue => dialogue[1]), Enumerable.Range(0, 50).Select(index => PoemWorld.Write(0, index)[1]));
        Assert.NotEqual(PoemWorld.Write(0, 0)[1], PoemWorld.WriteHeldOut(0, 0)[1]);
        Assert.Equal("Write a dark haiku.", PoemWorld.Request(PoemForm.Haiku, PoemTone.Dark));
        Assert.Equal("Rewrite this poem as a romantic hymn:\nA\nB", PoemWorld.RewriteRequest("A\nB", PoemForm.Hymn, PoemTone.Romantic));
    }

    [Fact]
    public void WritePoem_GenreThatTheWorldDoesNotWrite_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PoemWorld.WritePoem(PoemForm.Couplets, PoemTone.Dark, "sea", new NamedRandom(0, "test")));

    // The lines with every word of the lexicon taken out.
    private static string Skeleton(string poem)
    {
        var lexicon = PoemLexicon.Instance;
        return string.Join('\n', poem.Split('\n').Select(line => string.Join(' ', line.TrimEnd('.', ',', ';').Split(' ').Select(word => Known(lexicon).Contains(word) ? "_" : word))));
    }

    private static HashSet<string>? _known;

    private static HashSet<string> Known(PoemLexicon lexicon) => _known ??=
    [
        .. lexicon.Tones.Values.Append(lexicon.Neutral).SelectMany(family => family.Adjectives.Concat(family.Nouns).Concat(family.Verbs)).SelectMany(words => words.Split(' '))
            .Concat(lexicon.Subjects).Concat(lexicon.Persons).Concat(lexicon.Rhymes.SelectMany(family => family)),
    ];
}
