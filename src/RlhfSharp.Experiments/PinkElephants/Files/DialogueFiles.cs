using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Dialogues as files that any trainer of preferences reads: JSON lines in TRL's conversational form, with columns of the task.</summary>
/// <remarks><c>train.jsonl</c>, <c>validation.jsonl</c> and <c>evaluation.jsonl</c> hold pairs of answers; <c>train-rewarded.jsonl</c> holds the training answers one
/// by one with a reward of 1 or −1, <c>train-unpaired.jsonl</c> with a label. <c>dataset.json</c> says what is in them and where it came from; it is written
/// last, so where it is, the others are whole.</remarks>
public static class DialogueFiles
{
    private const string Train = "train.jsonl", Validation = "validation.jsonl", Evaluation = "evaluation.jsonl", Rewarded = "train-rewarded.jsonl",
        Unpaired = "train-unpaired.jsonl", Description = "dataset.json";

    private static readonly JsonSerializerOptions Page = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };   // no browser reads it

    /// <summary>Gets the names of all files, the description first.</summary>
    internal static IReadOnlyList<string> Names { get; } = [Description, Train, Validation, Evaluation, Rewarded, Unpaired];

    /// <summary>Writes a data set; each file is replaced as a whole.</summary>
    /// <param name="directory">The folder, which exists.</param>
    /// <param name="dialogues">The dialogues.</param>
    /// <param name="facts">Where they came from.</param>
    /// <param name="progress">Told the share that is written; may be null.</param>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static void Write(string directory, DialogueSet dialogues, DialogueFacts facts, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(dialogues);
        ArgumentNullException.ThrowIfNull(facts);
        (string Name, int Count, IEnumerable<JsonObject> Rows)[] files =
        [
            (Train, dialogues.Training.Count, dialogues.Training.Select(DialogueRow.Pair)),
            (Validation, dialogues.Validation.Count, dialogues.Validation.Select(DialogueRow.Pair)),
            (Evaluation, dialogues.Evaluation.Count, dialogues.Evaluation.Select(DialogueRow.Pair)),
            (Rewarded, 2 * dialogues.Training.Count, dialogues.Training.SelectMany(DialogueRow.Rewarded)),
            (Unpaired, 2 * dialogues.Training.Count, dialogues.Training.SelectMany(DialogueRow.Unpaired)),
        ];
        var (written, total) = (0, (double)files.Sum(file => file.Count));
        foreach (var file in files)
        {
            JsonLines.Write(Path.Combine(directory, file.Name), file.Rows, () => progress?.Report(++written / total));
        }
        AtomicFile.WriteAllText(Path.Combine(directory, Description), $"{Describe(dialogues, facts).ToJsonString(Page)}\n");
    }

    /// <summary>Reads a file of pairs that <see cref="Write"/> wrote, or one like it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The dialogues, in order.</returns>
    /// <exception cref="InputException">The file cannot be read, or a row is not what it should be; names file, line and key.</exception>
    public static IReadOnlyList<PinkElephantDialogue> Read(string path) => DialogueReader.Read(path);

    /// <summary>Reads the three parts of a folder that <see cref="Write"/> wrote, or one like it.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The dialogues.</returns>
    /// <exception cref="InputException">A file cannot be read, a row is not what it should be, parts share a pair of things, or an id is there twice.</exception>
    public static DialogueSet ReadFolder(string directory)
    {
        var set = new DialogueSet(
            Read(Path.Combine(directory, Train)), Read(Path.Combine(directory, Validation)), Read(Path.Combine(directory, Evaluation)));
        var fileOfPair = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, part) in new[] { (Train, set.Training), (Validation, set.Validation), (Evaluation, set.Evaluation) })
        {
            if (part.FirstOrDefault(dialogue => fileOfPair.GetValueOrDefault(dialogue.Pair, name) != name) is { } shared)
            {
                throw new InputException(
                    $"'{Path.Combine(directory, name)}': row '{shared.Id}' is about {shared.Avoid} and {shared.Prefer}, and so is {fileOfPair[shared.Pair]}. Each pair of things belongs to one file.");
            }
            foreach (var dialogue in part)
            {
                fileOfPair[dialogue.Pair] = name;
            }
        }
        // A dialogue is found again by its id, whichever part it is in.
        if (set.Training.Concat(set.Validation).Concat(set.Evaluation).CountBy(dialogue => dialogue.Id).FirstOrDefault(id => id.Value > 1) is { Key: not null } twice)
        {
            throw new InputException($"'{directory}': the id '{twice.Key}' occurs {twice.Value} times. Each dialogue has an id of its own, over all files.");
        }
        return set;
    }

    /// <summary>Writes dialogues with a model's answers, one per line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="answers">The answers.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteAnswers(string path, IEnumerable<AnsweredDialogue> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        JsonLines.Write(path, answers.Select(DialogueRow.Answered));
    }

    private static JsonObject Describe(DialogueSet dialogues, DialogueFacts facts)
    {
        (string Name, IReadOnlyList<PinkElephantDialogue> Rows)[] parts =
            [("train", dialogues.Training), ("validation", dialogues.Validation), ("evaluation", dialogues.Evaluation)];
        JsonObject Each(Func<IReadOnlyList<PinkElephantDialogue>, JsonNode> count) =>
            new(parts.Select(part => KeyValuePair.Create(part.Name, (JsonNode?)count(part.Rows))));
        var description = new JsonObject
        {
            ["task"] = "pink-elephants",
            ["source"] = facts.Settings.Endpoint is null ? "built-in world" : "language model",
            ["seed"] = facts.Settings.Seed,
            ["rows"] = Each(rows => rows.Count),
            ["pairs"] = Each(rows => rows.Select(row => row.Pair).Distinct().Count()),
            ["instructions"] = Each(Instructions),
        };
        if (facts.Settings.Endpoint is { } endpoint)
        {
            description["url"] = endpoint.Url;
            description["model"] = endpoint.Model;
            description["temperature"] = endpoint.Temperature;
            description["dropped"] = new JsonObject(facts.Dropped.Select(drop => KeyValuePair.Create(drop.Key, (JsonNode?)drop.Value)));
            description["requests"] = facts.Usage.Requests;
            description["inputTokens"] = facts.Usage.InputTokens;
            description["outputTokens"] = facts.Usage.OutputTokens;
        }
        return description;
    }

    private static JsonObject Instructions(IReadOnlyList<PinkElephantDialogue> rows) =>
        new(DialogueRow.InstructionNames.Select(name => KeyValuePair.Create(name.Value, (JsonNode?)rows.Count(row => row.Instruction == name.Key))));
}
