using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Poems;

/// <summary>A poem as its judges see it: lines without blanks around them, and the stanzas that empty lines make of them.</summary>
internal sealed partial class PoemText
{
    private readonly RhymingWord[] _ends;

    /// <summary>Initializes the view of a poem.</summary>
    /// <param name="text">Any text; lines without a letter (numbers, rules of asterisks) are passed over.</param>
    public PoemText(string text)
    {
        var (lines, stanzas, stanza) = (new List<string>(), new List<IReadOnlyList<string>>(), new List<string>());
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()))
        {
            if (line.Any(char.IsLetter))
            {
                lines.Add(line);
                stanza.Add(line);
            }
            else if (stanza.Count > 0)
            {
                stanzas.Add(stanza);
                stanza = [];
            }
        }
        if (stanza.Count > 0)
        {
            stanzas.Add(stanza);
        }
        (Lines, Stanzas) = (lines, stanzas);
        LineSyllables = [.. lines.Select(Syllables.CountLine)];
        LastWords = [.. lines.Select(line => Words(line).LastOrDefault(string.Empty))];
        _ends = [.. LastWords.Select(word => new RhymingWord(word))];
    }

    /// <summary>Gets the lines that have a letter.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Gets the stanzas, none empty.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Stanzas { get; }

    /// <summary>Gets the syllables of each line.</summary>
    public IReadOnlyList<int> LineSyllables { get; }

    /// <summary>Gets the last word of each line.</summary>
    public IReadOnlyList<string> LastWords { get; }

    /// <summary>Tells whether two lines end in rhyme, a word on itself included.</summary>
    public bool Rhyme(int line, int other) => _ends[line].Match(_ends[other]) != RhymeKind.None;

    /// <summary>Cuts the lines into groups of four: a stanza whose length is a multiple of four is whole groups, any other is none.</summary>
    /// <returns>The first line of each group, and how many lines are in no group.</returns>
    public (IReadOnlyList<int> Starts, int Left) Quatrains()
    {
        var (starts, left, line) = (new List<int>(), 0, 0);
        foreach (var stanza in Stanzas)
        {
            if (stanza.Count % 4 == 0)
            {
                starts.AddRange(Enumerable.Range(0, stanza.Count / 4).Select(group => line + 4 * group));
            }
            else
            {
                left += stanza.Count;
            }
            line += stanza.Count;
        }
        return (starts, left);
    }

    /// <summary>Splits a line into words; a hyphen joins, a dash parts.</summary>
    public static IEnumerable<string> Words(string line) => Word().Matches(line).Select(match => match.Value);

    [GeneratedRegex(@"\p{L}[\p{L}\p{M}'\u2019]*(?:-(?!-)[\p{L}\p{M}'\u2019]+)*")]
    private static partial Regex Word();
}
