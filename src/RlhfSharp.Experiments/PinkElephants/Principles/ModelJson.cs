using System.Text;
using System.Text.Json;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Finds JSON in what a model wrote, whatever it put around it and even if it did not get to the end.</summary>
internal static class ModelJson
{
    private const int MostFalseStarts = 50;   // a text of brackets must not take quadratic time
    private const int DeepestNesting = 5;

    private static readonly JsonReaderOptions LenientReader = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    // What the one reads, the other must read too.
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = LenientReader.AllowTrailingCommas, CommentHandling = LenientReader.CommentHandling };

    /// <summary>Finds the values in a text, outermost first from left to right. Of a list that breaks off, the whole elements are a list.</summary>
    public static IReadOnlyList<JsonElement> Values(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        var values = new List<JsonElement>();
        var position = 0;
        for (var falseStarts = 0; falseStarts < MostFalseStarts;)
        {
            var next = bytes[position..].IndexOfAny((byte)'[', (byte)'{');
            if (next < 0)
            {
                break;
            }
            position += next;
            if (Parse(bytes[position..]) is { } whole)
            {
                values.Add(whole.Value);
                position += whole.Length;
            }
            else if (ParseBroken(bytes[position..]) is { } part)
            {
                falseStarts++;
                values.Add(part.Value);
                position += part.Length;
            }
            else
            {
                falseStarts++;
                position++;
            }
        }
        return values;
    }

    /// <summary>Reads everything of one kind inside a value, at any depth; what is read is not looked into.</summary>
    /// <param name="value">A value.</param>
    /// <param name="read">Reads one; null for something else.</param>
    /// <param name="depth">How deep <paramref name="value"/> lies.</param>
    public static IEnumerable<T> Items<T>(JsonElement value, Func<JsonElement, T?> read, int depth = 0)
        where T : class
    {
        if (read(value) is { } item)
        {
            return [item];
        }
        if (depth == DeepestNesting)
        {
            return [];
        }
        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().SelectMany(element => Items(element, read, depth + 1)),
            JsonValueKind.Object => value.EnumerateObject()
                .Where(property => property.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                .SelectMany(property => Items(property.Value, read, depth + 1)),
            _ => [],
        };
    }

    /// <summary>Gets the first of several properties that is there, whatever its case; null if none is.</summary>
    public static JsonElement? Property(JsonElement value, params ReadOnlySpan<string> names)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        foreach (var name in names)
        {
            foreach (var property in value.EnumerateObject())
            {
                if (string.Equals(Decode(() => property.Name), name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }
        return null;
    }

    /// <summary>Gets a string without blanks around it; null if the value is something else or blank.</summary>
    public static string? Text(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text && Decode(text.GetString)?.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    // Half of a surrogate pair, written as an escape, shows only here.
    private static string? Decode(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static (JsonElement Value, int Length)? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, LenientReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return (document.RootElement.Clone(), (int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (JsonElement Value, int Length)? ParseBroken(ReadOnlySpan<byte> bytes)
    {
        var end = EndOfLastElement(bytes);
        return end == 0 ? null : (JsonDocument.Parse((byte[])[.. bytes[..end], (byte)']'], Lenient).RootElement.Clone(), end);
    }

    private static int EndOfLastElement(ReadOnlySpan<byte> bytes)
    {
        var end = 0;
        if (bytes[0] != '[')
        {
            return end;
        }
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(LenientReader));
        try
        {
            reader.Read();   // the bracket
            while (reader.Read() && reader.CurrentDepth > 0)
            {
                if (reader.CurrentDepth == 1 && reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
                {
                    end = (int)reader.BytesConsumed;
                }
            }
        }
        catch (JsonException)
        {
            // Up to here it was JSON.
        }
        return end;
    }
}
