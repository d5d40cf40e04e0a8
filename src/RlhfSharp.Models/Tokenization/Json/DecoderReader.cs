using System.Text;
using System.Text.Json;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the <c>decoder</c> of a <c>tokenizer.json</c>.</summary>
internal static class DecoderReader
{
    private const string Sequence = "decoders";

    /// <summary>Refuses what does not turn a vocabulary of bytes into text.</summary>
    public static void RequireByteLevel(JsonPart json)
    {
        foreach (var part in json.Flatten(Sequence))
        {
            if (part.Get("type").Text() is var type && type != "ByteLevel")
            {
                throw part.Get("type").Error($"is '{type}', which is not implemented for a vocabulary of bytes; implemented is ByteLevel");
            }
        }
    }

    /// <summary>Reads how the pieces of a vocabulary of characters become text.</summary>
    /// <param name="json">The decoder. What it does to each piece is done once; only the ends of a text are left for later.</param>
    /// <param name="hasBytes">Whether the vocabulary has pieces that stand for bytes.</param>
    public static PieceDecoder Read(JsonPart json, bool hasBytes)
    {
        var changes = new List<Func<string, string>>();
        var (trimmed, atStart, atEnd) = (' ', 0, 0);
        var (trimsFirst, isFused, readsBytes) = (false, false, false);
        foreach (var part in json.Flatten(Sequence))
        {
            switch (part.Get("type").Text())
            {
                case "Replace" when !isFused:
                    changes.Add(ReadReplace(part));
                    break;
                case "Metaspace" when !isFused:
                    var mark = MetaspaceStep.ReadMark(part);
                    changes.Add(text => text.Replace(mark, ' '));
                    trimsFirst = MetaspaceStep.ReadScheme(part) != PrefixScheme.Never;
                    break;
                case "ByteFallback" when !isFused:
                    readsBytes = true;
                    break;
                case "Fuse":
                    isFused = true;
                    break;
                case "Strip" when isFused && atStart + atEnd == 0:
                    trimmed = part.Get("content").Text() is [var single] ? single : throw part.Get("content").Error("is not one character");
                    (atStart, atEnd) = (Count(part, "start"), Count(part, "stop"));
                    break;
                case "Strip" when !isFused:
                    throw part.Error("comes before Fuse, so that it would change every token, which is not implemented");
                case var other:
                    throw part.Get("type").Error($"is '{other}'{(isFused ? " behind Fuse" : string.Empty)}, which is not implemented; "
                        + "implemented are ByteFallback, Metaspace and Replace, then Fuse and one Strip, in a Sequence");
            }
        }
        if (hasBytes && !readsBytes)
        {
            throw json.Error("has no ByteFallback, and the model has byte_fallback");
        }
        return new PieceDecoder((text, _) => readsBytes && SentencePieceDefinition.TryReadByte(text, out var value)
            ? [value]
            : Encoding.UTF8.GetBytes(changes.Aggregate(text, (changed, change) => change(changed) is var next && next.Length <= TextEditor.Limit(text.Length)
                ? next
                : throw json.Error($"makes more than {TextEditor.Limit(text.Length)} characters of the piece '{text}'"))))
        {
            Trimmed = trimmed,
            TrimsAtStart = atStart,
            TrimsAtEnd = atEnd,
            TrimsFirstToken = trimsFirst,
        };
    }

    private static Func<string, string> ReadReplace(JsonPart part)
    {
        var replacement = new ReplaceNormalizer(Expressions.Read(part.Get("pattern")), part.Get("content").Text());
        return text => replacement.Apply(new TracedText(text, null), TextStart.Nothing).Text;
    }

    private static int Count(JsonPart part, string name)
    {
        var count = part.Get(name);
        return count.Element.ValueKind == JsonValueKind.Number && count.Element.TryGetInt32(out var value) && value >= 0
            ? value
            : throw count.Error("is no number of characters");
    }
}
