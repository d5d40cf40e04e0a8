using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Reads pairs of answers with the columns of the task.</summary>
internal static class DialogueReader
{
    // Read twice: what every preference row must have is checked where such rows are read, and only the other columns here.
    public static IReadOnlyList<PinkElephantDialogue> Read(string path) =>
    [
        .. TextRowReader.Read(path, RowSchema.Preference, new BadRows(OnBadRow.Error)).Cast<PreferenceRow>()
            .Zip(RowReader.Read(path), (row, columns) => Dialogue(row, columns.Values)),
    ];

    private static PinkElephantDialogue Dialogue(PreferenceRow row, JsonObject columns)
    {
        if (!row.Prompt.IsConversational)
        {
            throw Bad(row, "'prompt' is a string, expected a list of messages");
        }
        return new PinkElephantDialogue
        {
            Id = row.Id,
            Topic = Text(row, columns, DialogueRow.Topic),
            Avoid = Name(row, columns, DialogueRow.Avoid),
            Prefer = Name(row, columns, DialogueRow.Prefer),
            AvoidAliases = Aliases(row, columns, DialogueRow.AvoidAliases),
            PreferAliases = Aliases(row, columns, DialogueRow.PreferAliases),
            Instruction = Instruction(row, columns),
            Prompt = row.Prompt.Messages,
            Chosen = Answer(row, row.Chosen, "chosen"),
            Rejected = Answer(row, row.Rejected, "rejected"),
        };
    }

    private static InstructionKind Instruction(PreferenceRow row, JsonObject columns)
    {
        var name = Text(row, columns, DialogueRow.Instruction);
        foreach (var (kind, known) in DialogueRow.InstructionNames)
        {
            if (known == name)
            {
                return kind;
            }
        }
        throw Bad(row, $"'{DialogueRow.Instruction}' is '{name}'. {NearestName.Hint(name, DialogueRow.InstructionNames.Values).TrimEnd('.')}");
    }

    private static string Answer(PreferenceRow row, Passage answer, string column) => answer.Messages.Count == 1
        ? answer.Messages[0].Content
        : throw Bad(row, $"'{column}' has {answer.Messages.Count} turns, expected one of the assistant");

    private static List<string> Aliases(PreferenceRow row, JsonObject columns, string column) => columns[column] switch
    {
        null => [],
        JsonArray items => [.. items.Select((item, i) => Named(row, Text(row, item, $"{column}[{i}]"), $"{column}[{i}]"))],
        _ => throw Bad(row, $"'{column}' is no list, expected a list of strings"),
    };

    private static string Name(PreferenceRow row, JsonObject columns, string column) => Named(row, Text(row, columns, column), column);

    // What the detector could not look for would be found nowhere.
    private static string Named(PreferenceRow row, string name, string column) => name.Any(char.IsLetterOrDigit)
        ? name
        : throw Bad(row, $"'{column}' is '{name}', which has no letter or digit by which it could be found in a text");

    private static string Text(PreferenceRow row, JsonObject columns, string column) => Text(row, columns[column], column);

    private static string Text(PreferenceRow row, JsonNode? node, string column)
    {
        try
        {
            return node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && !string.IsNullOrWhiteSpace(text)
                ? text
                : throw Bad(row, $"'{column}' is {(node is null ? "missing or null" : "empty or no text")}, expected a string");
        }
        catch (InvalidOperationException)
        {
            throw Bad(row, $"'{column}' is not valid Unicode: it has half of a surrogate pair");
        }
    }

    private static InputException Bad(PreferenceRow row, string problem) => new(
        $"{row.Source}: {problem}. A row has topic, avoid, prefer, instruction, prompt, chosen, rejected; avoid_aliases and prefer_aliases if there are any.");
}
