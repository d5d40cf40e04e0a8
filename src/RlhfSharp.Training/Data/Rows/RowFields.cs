using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Typed access to a row's columns. What does not fit is a <see cref="BadRowException"/>, which names the column and quotes no text.</summary>
internal sealed class RowFields(JsonObject values)
{
    private static readonly string[] Roles = [ChatMessage.System, ChatMessage.User, ChatMessage.Assistant];

    /// <summary>Gets the columns that hold something; Parquet files of mixed rows have nulls in the others.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. values.Where(column => column.Value is not null).Select(column => column.Key)];

    /// <summary>Gets the value of the column <c>id</c>, a string or a whole number; null when there is none.</summary>
    public string? Id() => values[RowColumns.Id] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var number) && !double.IsFinite(number) => throw NotFinite($"'{RowColumns.Id}'", number),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        var value => String(value, $"'{RowColumns.Id}'", " or a number"),
    };

    /// <summary>Gets a string or a list of turns, not blank.</summary>
    public Passage Passage(string column)
    {
        var passage = values[column] is JsonArray turns
            ? new Passage(Messages(turns, column))
            : new Passage(String(values[column], $"'{column}'", " or a list of messages"));
        return passage.IsBlank ? throw new BadRowException($"'{column}' is empty") : passage;
    }

    public bool Truth(string column) => values[column] is JsonValue value && value.TryGetValue<bool>(out var truth)
        ? truth
        : throw Unexpected($"'{column}'", values[column], "true or false");

    public double Number(string column) => Number(values[column], $"'{column}'");

    /// <summary>Gets a list of numbers, some of which may be null.</summary>
    public IReadOnlyList<double?> Numbers(string column) =>
        [.. Items(column, "a list of numbers and nulls").Select((item, i) => item is null ? (double?)null : Number(item, $"'{column}[{i}]'"))];

    /// <summary>Gets a list of <c>{"at": offset, "reward": number}</c>, not empty.</summary>
    public IReadOnlyList<TokenReward> TokenRewards(string column)
    {
        var items = Items(column, "a list of {\"at\", \"reward\"}");
        return items.Count > 0
            ? [.. items.Select((item, i) => TokenReward(item, $"{column}[{i}]"))]
            : throw new BadRowException($"'{column}' is empty");
    }

    private static TokenReward TokenReward(JsonNode? item, string name)
    {
        if (item is not JsonObject entry)
        {
            throw Unexpected($"'{name}'", item, "{\"at\", \"reward\"}");
        }
        var at = Number(entry["at"], $"'{name}.at'");
        return at >= 0 && at <= int.MaxValue && at == Math.Floor(at)
            ? new TokenReward((int)at, Number(entry["reward"], $"'{name}.reward'"))
            : throw new BadRowException($"'{name}.at' is {at}, expected a whole number from 0 up");
    }

    private static List<ChatMessage> Messages(JsonArray turns, string column) => [.. turns.Select((turn, i) => Message(turn, $"{column}[{i}]"))];

    private static ChatMessage Message(JsonNode? turn, string name)
    {
        if (turn is not JsonObject message)
        {
            throw Unexpected($"'{name}'", turn, "a message {\"role\", \"content\"}");
        }
        var role = String(message["role"], $"'{name}.role'");
        if (!Roles.Contains(role))
        {
            throw new BadRowException($"'{name}.role' is '{role}'. {NearestName.Hint(role, Roles).TrimEnd('.')}");
        }
        var content = String(message["content"], $"'{name}.content'");
        return string.IsNullOrWhiteSpace(content) ? throw new BadRowException($"'{name}.content' is empty") : new ChatMessage(role, content);
    }

    private JsonArray Items(string column, string expected) =>
        values[column] as JsonArray ?? throw Unexpected($"'{column}'", values[column], expected);

    private static string String(JsonNode? node, string name, string alternative = "")
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            throw Unexpected(name, node, $"a string{alternative}");
        }
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw new BadRowException($"{name} is not valid Unicode: it has half of a surrogate pair");
        }
    }

    // Numbers come from JSON text, where they turn into any type, or from Parquet as one of the two that ParquetRows makes.
    private static double Number(JsonNode? node, string name)
    {
        var number = node is not JsonValue value ? throw Unexpected(name, node, "a number")
            : value.TryGetValue<double>(out var real) ? real
            : value.TryGetValue<long>(out var whole) ? whole
            : throw Unexpected(name, node, "a number");
        return double.IsFinite(number) ? number : throw NotFinite(name, number);
    }

    private static BadRowException NotFinite(string name, double number) => new($"{name} is {number}, expected a finite number");

    private static BadRowException Unexpected(string name, JsonNode? node, string expected)
    {
        var found = node switch
        {
            null => "missing or null",
            JsonArray => "a list",
            JsonObject => "an object",
            _ => node.GetValueKind() switch { JsonValueKind.String => "a string", JsonValueKind.Number => "a number", _ => "true or false" },
        };
        return new BadRowException($"{name} is {found}, expected {expected}");
    }
}
