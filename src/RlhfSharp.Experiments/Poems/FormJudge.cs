using System.Globalization;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Judges the form of a poem from its lines, their syllables and their rhymes.</summary>
/// <remarks>What it cannot tell: beats are not heard, only syllables counted; a hymn in common metre and a ballad have one structure, and only the words of worship
/// part them; a poem in couplets of any kind is couplets; the forms that are made by what they say (ode, elegy, pastoral) are <see cref="PoemForm.Other"/>.</remarks>
public static class FormJudge
{
    private const double EnoughQuatrains = 2 / 3.0;   // a counter that errs on one word in thirty spoils one quatrain in four
    private const double EnoughPairs = 0.75;

    private static readonly (PoemForm Form, Func<PoemText, (bool, string)> Test)[] Tests =
    [
        (PoemForm.Haiku, Haiku), (PoemForm.Limerick, Limerick), (PoemForm.Sonnet, Sonnet), (PoemForm.Hymn, Hymn), (PoemForm.Ballad, Ballad), (PoemForm.Couplets, Couplets),
    ];

    /// <summary>Finds the form of a poem: the first that fits, in the order haiku, limerick, sonnet, hymn, ballad, couplets.</summary>
    /// <param name="poem">Lines; empty lines part stanzas.</param>
    /// <returns>The form, or <see cref="PoemForm.Other"/> with every form's reason.</returns>
    public static FormVerdict Judge(string poem)
    {
        ArgumentNullException.ThrowIfNull(poem);
        var (text, reasons) = (new PoemText(poem), new List<string>());
        foreach (var (form, test) in Tests)
        {
            var (fits, reason) = test(text);
            if (fits)
            {
                return new FormVerdict(form, true, reason);
            }
            reasons.Add($"no {form.ToString().ToLowerInvariant()}: {reason}");
        }
        return new FormVerdict(PoemForm.Other, true, string.Join("; ", reasons));
    }

    /// <summary>Judges whether a poem has a form; it may have others too.</summary>
    /// <param name="poem">Lines; empty lines part stanzas.</param>
    /// <param name="form">The form; <see cref="PoemForm.Other"/> asks whether it has none.</param>
    /// <returns>The verdict.</returns>
    public static FormVerdict Judge(string poem, PoemForm form)
    {
        ArgumentNullException.ThrowIfNull(poem);
        if (form == PoemForm.Other)
        {
            var verdict = Judge(poem);
            return verdict with { Form = form, Fits = verdict.Form == form };
        }
        var (fits, reason) = Tests.First(test => test.Form == form).Test(new PoemText(poem));
        return new FormVerdict(form, fits, reason);
    }

    private static (bool, string) Haiku(PoemText poem)
    {
        var counts = string.Join('/', poem.LineSyllables.Take(5));
        return poem.Lines.Count != 3 ? (false, Lines(poem)) : (poem.LineSyllables is [5, 7, 5], $"syllables {counts}");
    }

    // Old prints put the two short lines on one, which then rhymes within.
    private static (bool, string) Limerick(PoemText printed)
    {
        var poem = printed.Lines.Count == 4 ? FourLines(printed) : printed;
        if (poem.Lines.Count != 5)
        {
            return (false, printed.Lines.Count == 4 ? "four lines, the third without a rhyme inside" : Lines(poem));
        }
        if (!poem.Rhyme(0, 1) || !poem.Rhyme(1, 4) && !poem.Rhyme(0, 4))
        {
            return (false, $"lines 1, 2 and 5 do not rhyme ({poem.LastWords[0]}, {poem.LastWords[1]}, {poem.LastWords[4]})");
        }
        if (!poem.Rhyme(2, 3))
        {
            return (false, $"lines 3 and 4 do not rhyme ({poem.LastWords[2]}, {poem.LastWords[3]})");
        }
        var counts = poem.LineSyllables;
        var areLong = new[] { 0, 1, 4 }.All(line => counts[line] is >= 6 and <= 12);
        var areShort = counts[2] is >= 3 and <= 8 && counts[3] is >= 3 and <= 8 && 3 * (counts[2] + counts[3]) < 2 * (counts[0] + counts[1] + counts[4]);
        return (areLong && areShort, $"AABBA, syllables {string.Join('/', counts)}");
    }

    private static PoemText FourLines(PoemText printed)
    {
        var words = printed.Lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var cut = Enumerable.Range(2, Math.Max(words.Length - 3, 0))
            .OrderBy(place => Math.Abs(2 * place - words.Length))
            .FirstOrDefault(place => Rhymes.Match(PoemText.Words(words[place - 1]).LastOrDefault(string.Empty), printed.LastWords[2]) is RhymeKind.Sound or RhymeKind.Spelling);
        return cut == 0 ? printed : new PoemText(string.Join('\n', printed.Lines[0], printed.Lines[1], string.Join(' ', words[..cut]), string.Join(' ', words[cut..]), printed.Lines[3]));
    }

    private static (bool, string) Sonnet(PoemText poem)
    {
        if (poem.Lines.Count != 14)
        {
            return (false, Lines(poem));
        }
        var median = poem.LineSyllables.Order().ElementAt(7);
        var even = poem.LineSyllables.Count(count => Math.Abs(count - median) <= 2);
        var rhyming = Enumerable.Range(0, 14).Count(line => Enumerable.Range(0, 14).Any(other => other != line && poem.Rhyme(line, other)));
        var pairs = Enumerable.Range(0, 7).Count(pair => poem.Rhyme(2 * pair, 2 * pair + 1));
        return (even >= 11 && rhyming >= 9 && pairs < 6, $"14 lines, {even} of them within 2 syllables of {median}, {rhyming} rhyme with another, {pairs} of 7 pairs of lines rhyme");
    }

    private static (bool, string) Hymn(PoemText poem)
    {
        var (starts, _) = poem.Quatrains();
        if (starts.Count < 2)
        {
            return (false, $"{starts.Count} quatrains, at least 2 are needed");
        }
        var metres = starts.Select(start => HymnMetre(poem, start)).ToList();
        var metre = metres.OfType<string>().CountBy(name => name).OrderByDescending(count => count.Value).FirstOrDefault();
        var share = metre.Value / (poem.Lines.Count / 4.0);
        var devout = poem.Lines.SelectMany(PoemText.Words).Count(Worship.IsWordOfWorship);
        var isDevout = devout >= 2 && devout >= starts.Count;
        return (share >= EnoughQuatrains && isDevout, string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the lines in {metre.Key ?? "no hymn's metre"}, {devout} words of worship"));
    }

    private static string? HymnMetre(PoemText poem, int start)
    {
        var counts = Enumerable.Range(start, 4).Select(line => poem.LineSyllables[line]).ToArray();
        if (!poem.Rhyme(start + 1, start + 3) && !(poem.Rhyme(start, start + 1) && poem.Rhyme(start + 2, start + 3)) && !(poem.Rhyme(start, start + 3) && poem.Rhyme(start + 1, start + 2)))
        {
            return null;
        }
        (string Name, int[] Counts)[] metres = [("common metre", [8, 6, 8, 6]), ("long metre", [8, 8, 8, 8]), ("short metre", [6, 6, 8, 6])];
        return metres.FirstOrDefault(metre => counts.Zip(metre.Counts).All(line => Math.Abs(line.First - line.Second) <= 1) && counts.Sum() >= metre.Counts.Sum() - 2).Name;
    }

    private static (bool, string) Ballad(PoemText poem)
    {
        var (starts, _) = poem.Quatrains();
        if (starts.Count < 2)
        {
            return (false, $"{starts.Count} quatrains, at least 2 are needed");
        }
        var fitting = starts.Count(start => poem.Rhyme(start + 1, start + 3) && IsBalladMetre(poem, start));
        var share = fitting / (poem.Lines.Count / 4.0);
        return (share >= EnoughQuatrains, string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the lines in quatrains that alternate long and short and rhyme on the short"));
    }

    private static bool IsBalladMetre(PoemText poem, int start)
    {
        var counts = poem.LineSyllables;
        return counts[start] > counts[start + 1] && counts[start + 2] > counts[start + 3]
            && counts[start] is >= 6 and <= 11 && counts[start + 2] is >= 6 and <= 11 && counts[start + 1] is >= 4 and <= 8 && counts[start + 3] is >= 4 and <= 8;
    }

    private static (bool, string) Couplets(PoemText poem)
    {
        if (poem.Lines.Count < 4)
        {
            return (false, Lines(poem));
        }
        var (paired, line) = (0, 0);
        while (line < poem.Lines.Count - 1)
        {
            var rhymes = poem.Rhyme(line, line + 1);
            paired += rhymes ? 2 : 0;
            line += rhymes ? 2 : 1;
        }
        var share = paired / (double)poem.Lines.Count;
        return (share >= EnoughPairs, string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the lines rhyme with the next or the last"));
    }

    private static string Lines(PoemText poem) => $"{poem.Lines.Count} lines";
}
