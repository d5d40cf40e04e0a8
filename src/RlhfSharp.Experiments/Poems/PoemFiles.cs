using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Collections of poems: read from books and from labelled rows, written as one file of JSON lines.</summary>
public static class PoemFiles
{
    private const string Hint = "A row has form, text and perhaps title.";

    /// <summary>Reads the poems of a file.</summary>
    /// <param name="path">A book of Project Gutenberg in plain text, or JSON lines with the columns <c>text</c>, <c>form</c> and, if there is one, <c>title</c>.</param>
    /// <returns>The poems in the file's order.</returns>
    /// <exception cref="InputException">The file cannot be read, is neither, or a row of it is not what it should be; names file and line.</exception>
    public static IReadOnlyList<PoemRecord> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var poems = IsRows(path) ? Rows(path) : Book(path);
        var (source, stem) = (Path.GetFileName(path), Path.GetFileNameWithoutExtension(path));
        return
        [
            .. poems.Select((poem, index) => new PoemRecord(
                $"{stem}/{index + 1}", source, poem.Title, poem.Form ?? FormJudge.Judge(poem.Text).Form.ToString().ToLowerInvariant(), poem.Form is not null, poem.Text)),
        ];
    }

    /// <summary>Writes poems, one JSON object per line with <c>id</c>, <c>source</c>, <c>title</c>, <c>form</c> and <c>text</c>; the file is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="poems">The poems.</param>
    /// <exception cref="InputException">The file cannot be written; an earlier one is untouched.</exception>
    public static void Write(string path, IEnumerable<PoemRecord> poems)
    {
        ArgumentNullException.ThrowIfNull(poems);
        JsonLines.Write(path, poems.Select(poem => new JsonObject { ["id"] = poem.Id, ["source"] = poem.Source, ["title"] = poem.Title, ["form"] = poem.Form, ["text"] = poem.Text }));
    }

    private static bool IsRows(string path) => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string? Title, string? Form, string Text)> Rows(string path) => RowReader.Read(path).Select(row => (
        TextColumn.Read(row, "title", Hint), (string?)TextColumn.Require(row, "form", Hint), TextColumn.Require(row, "text", Hint)));

    private static IEnumerable<(string? Title, string? Form, string Text)> Book(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"'{path}' is a folder. Name the files in it: books as plain text, or JSON lines.");
        }
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return GutenbergBook.Split(path, text).Select(poem => (poem.Title, (string?)null, poem.Text));
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException($"'{path}' is not UTF-8 text. Convert it first, for instance with iconv.", exception);
        }
        catch (Exception exception) when (FileErrors.Is(exception))
        {
            throw new InputException($"'{path}' could not be read: {FileErrors.Describe(exception)}", exception);
        }
    }
}
