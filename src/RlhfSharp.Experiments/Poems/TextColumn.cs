using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Reads a column of text.</summary>
internal static class TextColumn
{
    /// <summary>Reads a text that must be there.</summary>
    /// <param name="row">The row.</param>
    /// <param name="name">The column.</param>
    /// <param name="hint">What a row looks like; ends the message of an error.</param>
    /// <exception cref="InputException">It is missing, null, empty, no string, or no valid Unicode.</exception>
    public static string Require(DataRow row, string name, string hint = "") => Read(row, name, hint)
        ?? throw new InputException($"{row.Source}: '{name}' is missing or null, expected a string.{(hint.Length > 0 ? " " : string.Empty)}{hint}");

    /// <summary>Reads a text.</summary>
    /// <returns>Null where it is missing or null.</returns>
    /// <exception cref="InputException">It is empty, no string, or no valid Unicode.</exception>
    public static string? Read(DataRow row, string name, string hint = "")
    {
        try
        {
            return row.Values[name] switch
            {
                JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && !string.IsNullOrWhiteSpace(text) => text,
                null => null,
                _ => throw new InputException($"{row.Source}: '{name}' is empty or no text, expected a string.{(hint.Length > 0 ? " " : string.Empty)}{hint}"),
            };
        }
        catch (InvalidOperationException)
        {
            throw new InputException($"{row.Source}: '{name}' is not valid Unicode: it has half of a surrogate pair.");
        }
    }
}
