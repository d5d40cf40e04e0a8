using System.Globalization;
using System.Text.Json;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>A value inside a JSON file. Its errors name the file and the key.</summary>
internal readonly struct JsonPart(JsonElement element, string file, string key)
{
    private const int MostParts = 100;

    public JsonElement Element => element;

    public static JsonPart Parse(byte[] bytes, string file)
    {
        try
        {
            return new JsonPart(JsonDocument.Parse(bytes).RootElement, file, string.Empty).Expect(JsonValueKind.Object, "a JSON object");
        }
        catch (JsonException exception)
        {
            throw new InputException($"'{file}' is not valid JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Gets a member of an object; null when it is missing or null.</summary>
    public JsonPart? Find(string name) => Holds(name, out var value) && value.ValueKind != JsonValueKind.Null ? Child(value, name) : null;

    /// <summary>Says whether an object has a member, null or not.</summary>
    public bool Holds(string name) => Holds(name, out _);

    public JsonPart Get(string name) => Find(name) ?? throw Error($"has no '{name}'");

    public bool Flag(string name, bool fallback) => Find(name) switch
    {
        null => fallback,
        { Element.ValueKind: JsonValueKind.True } => true,
        { Element.ValueKind: JsonValueKind.False } => false,
        { } other => throw other.Error($"is {other.Shown}, expected true or false"),
    };

    public string? Text(string name) => Find(name)?.Text();

    public string Text()
    {
        try
        {
            return Expect(JsonValueKind.String, "a text").Element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw Error("holds half a surrogate pair, which is no character", exception);
        }
    }

    /// <summary>Gets one of the names of an enumeration, whatever their case.</summary>
    public TEnum Choice<TEnum>()
        where TEnum : struct, Enum
    {
        var text = Text();
        // Numbers, which parsing would take, are no names.
        return text.All(char.IsLetter) && Enum.TryParse<TEnum>(text, ignoreCase: true, out var value) ? value
            : throw Error($"is '{text}'; allowed are {string.Join(", ", Enum.GetNames<TEnum>())}");
    }

    /// <summary>Gets a number that a score can be.</summary>
    public double Number() => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite((float)number)
        ? number
        : throw Error($"is {Shown}, expected a number");

    /// <summary>Gets an object, or the objects inside it where its type is <c>Sequence</c>, at any depth.</summary>
    /// <param name="members">The name of the list of a sequence.</param>
    /// <exception cref="InputException">There are more than any tokenizer has: what they do would be done to every text.</exception>
    public IReadOnlyList<JsonPart> Flatten(string members)
    {
        IReadOnlyList<JsonPart> parts = Get("type").Text() == "Sequence" ? [.. Get(members).Items().SelectMany(inner => inner.Flatten(members)).Take(MostParts + 1)] : [this];
        return parts.Count <= MostParts ? parts : throw Error($"has more than {MostParts} parts");
    }

    /// <summary>Gets a token id.</summary>
    public int Id() => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var id) && id is >= 0 and < TokenTable.MaximumSize
        ? id
        : throw Error($"is {Shown}, expected a token id from 0 to {TokenTable.MaximumSize - 1}");

    /// <summary>Gets a token id that is the name of a member.</summary>
    public static int IdFrom(string name, JsonPart value) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < TokenTable.MaximumSize
            ? id
            : throw value.Error($"should have a token id from 0 to {TokenTable.MaximumSize - 1} for a name");

    public IReadOnlyList<JsonPart> Items()
    {
        var (self, index) = (Expect(JsonValueKind.Array, "a list"), 0);
        return [.. element.EnumerateArray().Select(item => new JsonPart(item, self.File, $"{self.Key}[{index++}]"))];
    }

    public IReadOnlyList<(string Name, JsonPart Value)> Members()
    {
        var self = Expect(JsonValueKind.Object, "an object");
        try
        {
            return [.. element.EnumerateObject().Select(member => (member.Name, self.Child(member.Value, member.Name)))];
        }
        catch (InvalidOperationException exception)
        {
            throw BrokenKey(exception);
        }
    }

    public InputException Error(string problem, Exception? cause = null) =>
        new(key.Length == 0 ? $"'{file}' {problem}." : $"'{file}': '{key}' {problem}.", cause);

    private InputException BrokenKey(Exception cause) => Error("has a key with half a surrogate pair, which is no character", cause);

    private bool Holds(string name, out JsonElement value)
    {
        try
        {
            return Expect(JsonValueKind.Object, "an object").Element.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException exception)
        {
            throw BrokenKey(exception);
        }
    }

    private string File => file;

    private string Key => key;

    // Enough of the value to recognise it.
    private string Shown
    {
        get
        {
            try
            {
                return element.GetRawText() is { Length: > 60 } text ? $"{text[..60]}..." : element.GetRawText();
            }
            catch (InvalidOperationException)
            {
                return "something that is not written in UTF-8";
            }
        }
    }

    private JsonPart Child(JsonElement value, string name) => new(value, file, key.Length == 0 ? name : $"{key}.{name}");

    private JsonPart Expect(JsonValueKind kind, string expected) =>
        element.ValueKind == kind ? this : throw Error($"is {Shown}, expected {expected}");
}
