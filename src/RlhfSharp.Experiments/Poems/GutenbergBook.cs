using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Splits a book of poems, as Project Gutenberg prints them in plain text, into its poems.</summary>
/// <remarks>There is no markup: headings are known by their numbers, capitals and the space above them, prose by lines that begin in small letters. A heading that no verse
/// follows is a section's, and is left out, as are notes in brackets, prefaces, contents and indexes.</remarks>
internal static partial class GutenbergBook
{
    private const int Gap = 3;   // as many empty lines part what does not belong together

    /// <summary>Splits a book.</summary>
    /// <param name="path">Where it came from, for errors.</param>
    /// <param name="text">The whole file.</param>
    /// <returns>The poems in order, each with its title, if it has one.</returns>
    /// <exception cref="InputException">The text has no beginning or end as such books have it, or no poem.</exception>
    public static IReadOnlyList<(string? Title, string Text)> Split(string path, string text)
    {
        var poems = new List<(string? Title, string Text)>();
        var (title, stanzas, below) = (null as string, new List<string>(), BlockKind.Note);
        var (numbersAreParts, isPartOpen) = (false, false);
        var blocks = Blocks(Body(path, text.ReplaceLineEndings("\n").Split('\n')));
        for (var i = 0; i < blocks.Count; i++)
        {
            var (block, kind) = (blocks[i], blocks[i].Kind(below, i + 1 < blocks.Count ? blocks[i + 1] : null));
            if (kind == BlockKind.Index && i > blocks.Count / 2)
            {
                break;   // at the end of a book nothing comes after its index
            }
            switch (kind)
            {
                case BlockKind.Number when numbersAreParts || below == BlockKind.Title && block.EmptyLinesAbove < 2:   // I. under a title: II. will be the same poem's
                    numbersAreParts = isPartOpen = true;
                    break;
                case BlockKind.Number or BlockKind.Title:
                    Finish();
                    (title, numbersAreParts) = (block.TitleText, false);
                    break;
                case BlockKind.Section or BlockKind.Label:
                    isPartOpen = true;
                    break;
                case BlockKind.Note or BlockKind.Index or BlockKind.Prose:
                    Finish();
                    title = kind == BlockKind.Note ? title : null;
                    break;
                default:
                    if (block.EmptyLinesAbove >= Gap && !isPartOpen)
                    {
                        Finish();
                    }
                    stanzas.Add(block.Stanza);
                    isPartOpen = false;
                    break;
            }
            below = kind == BlockKind.Note && below == BlockKind.Title ? below : kind;   // a picture between a title and its poem parts nothing
        }
        Finish();
        return poems.Count > 0 ? poems : throw new InputException($"'{path}' holds no poem: no group of lines in it looks like verse.");

        void Finish()
        {
            if (stanzas.Count == 0)
            {
                return;
            }
            if (stanzas.Exists(stanza => stanza.Contains('\n', StringComparison.Ordinal)))   // single lines alone are what is left of title pages and talk
            {
                poems.Add((title, string.Join("\n\n", stanzas)));
            }
            (title, stanzas) = (null, []);
        }
    }

    private static IEnumerable<string> Body(string path, string[] lines)
    {
        var start = Array.FindIndex(lines, line => Start().IsMatch(line));
        var end = Array.FindIndex(lines, line => End().IsMatch(line));
        if (start < 0 || end < start)
        {
            throw new InputException(
                $"'{path}' is no book of Project Gutenberg: {(start < 0 ? "no line '*** START OF ... PROJECT GUTENBERG EBOOK ...'" : "no line '*** END OF ...' after the start")}. "
                + "Allowed: such books as plain text, or JSON lines with title, form and text.");
        }
        while (!lines[start].TrimEnd().EndsWith("***", StringComparison.Ordinal) && start < end)   // a long title goes on in the next line
        {
            start++;
        }
        return lines[(start + 1)..end];
    }

    private static List<BookBlock> Blocks(IEnumerable<string> lines)
    {
        var (blocks, block, empty, above) = (new List<BookBlock>(), new List<string>(), 0, 0);
        foreach (var line in lines.Append(string.Empty))
        {
            if (line.Trim().Length > 0)
            {
                above = block.Count == 0 ? empty : above;
                block.Add(line.TrimEnd());
                empty = 0;
                continue;
            }
            if (block.Count > 0)
            {
                blocks.AddRange(BookBlock.Cut(block, above));
                block = [];
            }
            empty++;
        }
        return blocks;
    }

    [GeneratedRegex(@"^\*\*\* ?START OF .*PROJECT GUTENBERG", RegexOptions.IgnoreCase)]
    private static partial Regex Start();

    [GeneratedRegex(@"^(\*\*\* ?END OF .*PROJECT GUTENBERG|End of .*Project Gutenberg)", RegexOptions.IgnoreCase)]
    private static partial Regex End();
}
