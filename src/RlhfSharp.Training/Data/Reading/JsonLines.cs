using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Reads one JSON object per line. Blank lines are passed over, line ends may be those of Windows.</summary>
internal static class JsonLines
{
    // A key that stands twice is most likely a mistake, and which value would count is a matter of taste.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static IEnumerable<DataRow> Read(string path, Stream file, bool isCompressed, BadRows badRows)
    {
        // Not System.IO.Compression: it takes a gzip file that was cut off for a whole one.
        using var stream = isCompressed ? new GZipInputStream(file, size: 1 << 16) { IsStreamOwner = false } : file;
        var lines = new LineReader(stream);
        var number = 0;
        while (TryReadLine(lines, path, number + 1, out var line))
        {
            number++;
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }
            var source = new RowSource(path, number);
            if (Parse(line.Span, out var reason) is { } values)
            {
                yield return new DataRow(values, source);
            }
            else
            {
                badRows.Add(source, reason);
            }
        }
    }

    private static bool TryReadLine(LineReader lines, string path, int number, out ReadOnlyMemory<byte> line)
    {
        try
        {
            return lines.TryRead(out line);
        }
        catch (Exception exception) when (exception is SharpZipBaseException or EndOfStreamException)
        {
            throw new InputException($"{path}:{number}: the gzip file is damaged or was cut off here: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new InputException($"{path}:{number}: could not be read: {exception.Message}", exception);
        }
    }

    private static JsonObject? Parse(ReadOnlySpan<byte> line, out string reason)
    {
        reason = string.Empty;
        if (!Utf8.IsValid(line))
        {
            reason = "is not UTF-8 text";
            return null;
        }
        try
        {
            var node = JsonNode.Parse(line, documentOptions: Strict);
            if (node is JsonObject values)
            {
                _ = values.Count; // Keys are decoded now, so that a broken one shows here.
                return values;
            }
            reason = $"holds {Describe(node)} where a JSON object is expected, one per line";
        }
        catch (JsonException exception)
        {
            var message = CutPosition(exception.Message).TrimEnd('.');
            reason = $"is not valid JSON (byte {exception.BytePositionInLine + 1 ?? 1}): {message}";
        }
        catch (InvalidOperationException)
        {
            reason = "has a key that is not valid Unicode";
        }
        return null;
    }

    // The message ends with a path and a line number, always 0 here: a row is one line.
    private static string CutPosition(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        end = end < 0 ? message.IndexOf(" LineNumber:", StringComparison.Ordinal) : end;
        return end < 0 ? message : message[..end];
    }

    private static string Describe(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray => "an array",
        _ => "a single value",
    };
}
