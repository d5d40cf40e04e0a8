using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Lines of a book between empty ones.</summary>
internal sealed partial class BookBlock
{
    private const int LongestTitle = 60;
    private const int MostLinesOfNumberedTitle = 5;
    private const int Gap = 3;
    private readonly List<string> _lines;

    /// <summary>Initializes the block; lines that were wrapped are joined again.</summary>
    /// <param name="lines">At least one, none empty.</param>
    /// <param name="emptyLinesAbove">How many empty lines stand above it.</param>
    private BookBlock(IReadOnlyList<string> lines, int emptyLinesAbove)
    {
        EmptyLinesAbove = emptyLinesAbove;
        _lines = [];
        foreach (var line in lines)
        {
            if (_lines.Count > 0 && Indent(line) > Indent(_lines[^1]) && _lines[^1].TrimStart().Length >= 40 && char.IsLower(line.TrimStart()[0]))
            {
                _lines[^1] += " " + line.TrimStart();
            }
            else
            {
                _lines.Add(line);
            }
        }
    }

    /// <summary>Gets how many empty lines stand above it.</summary>
    public int EmptyLinesAbove { get; }

    /// <summary>Makes the block of lines; two blocks, if a number stands right above verse or below it.</summary>
    public static IEnumerable<BookBlock> Cut(IReadOnlyList<string> lines, int emptyLinesAbove)
    {
        if (lines.Count > 1 && Number().IsMatch(lines[0]) && (Section().IsMatch(lines[0]) || lines.Count > MostLinesOfNumberedTitle))
        {
            return [new BookBlock([lines[0]], emptyLinesAbove), new BookBlock([.. lines.Skip(1)], 0)];
        }
        return lines.Count > 2 && Number().IsMatch(lines[^1])
            ? [new BookBlock([.. lines.SkipLast(1)], emptyLinesAbove), new BookBlock([lines[^1]], Gap)]
            : [new BookBlock(lines, emptyLinesAbove)];
    }

    /// <summary>Gets what the block says as a title: of a numbered one what stands below the number, or the number if that is all.</summary>
    public string? TitleText
    {
        get
        {
            var lines = _lines.Select(line => line.Trim()).ToList();
            var words = Number().IsMatch(lines[0]) && lines.Count > 1 ? lines[1..] : lines;
            var text = Blanks().Replace(string.Join(' ', words).Replace("_", string.Empty, StringComparison.Ordinal), " ").Trim().TrimEnd('.');
            return text.Length > 0 ? text : null;
        }
    }

    /// <summary>Gets the lines as verse: no indentation, no marks of italics, no number of the stanza, no brackets around it.</summary>
    public string Stanza
    {
        get
        {
            var lines = _lines.Select(line => FootnoteMark().Replace(line.Trim().Replace("_", string.Empty, StringComparison.Ordinal), string.Empty)).ToArray();
            lines[0] = StanzaNumber().Replace(lines[0], string.Empty).TrimStart('[');
            lines[^1] = lines[^1].Contains('[', StringComparison.Ordinal) ? lines[^1] : lines[^1].TrimEnd(']');
            return string.Join('\n', lines.Where(line => line.Length > 0));
        }
    }

    /// <summary>Tells what the block is.</summary>
    /// <param name="above">What the block above it is.</param>
    /// <param name="next">The block below it, if any: a heading shows by how it differs.</param>
    public BlockKind Kind(BlockKind above, BookBlock? next)
    {
        var (first, last) = (_lines[0].Trim(), _lines[^1].Trim());
        if (Section().IsMatch(first))
        {
            return BlockKind.Section;
        }
        if (Number().IsMatch(first))
        {
            return BlockKind.Number;
        }
        if (Index().IsMatch(first) || _lines.Count > 2 && _lines.Count(line => Entry().IsMatch(line)) > _lines.Count / 2)
        {
            return BlockKind.Index;
        }
        if (first[0] == '[' && last[^1] == ']' && !StanzaNumber().IsMatch(first) || Footnote().IsMatch(first) || AboutTheBook().IsMatch(string.Join(' ', _lines))
            || !_lines.Exists(line => line.Any(char.IsLetterOrDigit)) || IsInCapitals && _lines.Count > 3)
        {
            return BlockKind.Note;
        }
        if (_lines.Count <= 3 && _lines.TrueForAll(line => line.Trim().Length <= LongestTitle) && (IsInCapitals || StandsApartFrom(above, next)))
        {
            return EmptyLinesAbove >= Gap || above is BlockKind.Number or BlockKind.Title ? BlockKind.Title : BlockKind.Label;
        }
        var areSmall = _lines.Skip(1).Count(line => char.IsLower(line.TrimStart()[0]));
        return _lines.Count == 1 && above == BlockKind.Prose || _lines.Count > 1 && areSmall * 5 > (_lines.Count - 1) * 2 ? BlockKind.Prose : BlockKind.Verse;
    }

    private bool IsInCapitals => _lines.Sum(line => line.Count(char.IsUpper)) > 9 * _lines.Sum(line => line.Count(char.IsLower));

    // One line with much space above, or below a heading, and another margin than the verse below it.
    private bool StandsApartFrom(BlockKind above, BookBlock? next) =>
        _lines.Count == 1 && (EmptyLinesAbove >= Gap || above == BlockKind.Title && EmptyLinesAbove > 1) && next is not null && next.EmptyLinesAbove < EmptyLinesAbove && Indent(next._lines[0]) != Indent(_lines[0]);

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*(?:Hymn\s+\d.*|(?:(?:Part|Sonnet)\s+)?(?:[IVXLC]+|\d+)\.?)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    // Not a title of the poem: a part's number has no full stop.
    [GeneratedRegex(@"^\s*\d+\s*$")]
    private static partial Regex Section();

    [GeneratedRegex(@"^(?:\[\d+\]|\*|\(\d+\))\s*\S")]
    private static partial Regex Footnote();

    [GeneratedRegex(@"\s*\[\d+\]")]
    private static partial Regex FootnoteMark();

    [GeneratedRegex(@"^\[?\d+\s+(?=\S)\[?")]
    private static partial Regex StanzaNumber();

    [GeneratedRegex(@"^(?:An? )?(?:INDEX|CONTENTS|TABLE OF)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Index();

    [GeneratedRegex(@"\s\d+\.?\s*$|^\s*[IVXLC]+\s{2,}\S|\d+:\d+")]
    private static partial Regex Entry();

    [GeneratedRegex(@"Gutenberg|Produced by|Transcribed|Transcriber|E-text|^\s*by\b|edited by|is dedicated|original dedication|^\s*End of the|^\s*In \w+ (?:Books|Parts)|Publishers?'|made and composed", RegexOptions.IgnoreCase)]
    private static partial Regex AboutTheBook();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
