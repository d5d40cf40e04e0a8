using System.Text.Json.Nodes;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Rows of the files as JSON objects.</summary>
internal static class DialogueRow
{
    /// <summary>The columns that a pair has beyond those that TRL knows.</summary>
    public const string Id = "id", Topic = "topic", Avoid = "avoid", Prefer = "prefer", AvoidAliases = "avoid_aliases", PreferAliases = "prefer_aliases",
        Instruction = "instruction";

    /// <summary>Gets how <c>instruction</c> is written.</summary>
    public static IReadOnlyDictionary<InstructionKind, string> InstructionNames { get; } = new Dictionary<InstructionKind, string>
    {
        [InstructionKind.Avoid] = "avoid",
        [InstructionKind.None] = "none",
        [InstructionKind.Other] = "other",
    };

    /// <summary>Writes both answers.</summary>
    public static JsonObject Pair(PinkElephantDialogue dialogue)
    {
        var row = new JsonObject
        {
            [Id] = dialogue.Id,
            [Topic] = dialogue.Topic,
            [Avoid] = dialogue.Avoid,
            [Prefer] = dialogue.Prefer,
            [Instruction] = InstructionNames[dialogue.Instruction],
            ["prompt"] = Turns(dialogue.Prompt),
            ["chosen"] = Answer(dialogue.Chosen),
            ["rejected"] = Answer(dialogue.Rejected),
        };
        foreach (var (name, aliases) in new[] { (AvoidAliases, dialogue.AvoidAliases), (PreferAliases, dialogue.PreferAliases) })
        {
            if (aliases.Count > 0)
            {
                row[name] = new JsonArray([.. aliases.Select(alias => JsonValue.Create(alias))]);
            }
        }
        return row;
    }

    /// <summary>Writes each answer with what it earns.</summary>
    public static IEnumerable<JsonObject> Rewarded(PinkElephantDialogue dialogue) => Singles(dialogue, "reward", isGood => isGood ? 1 : -1);

    /// <summary>Writes each answer with whether it is desirable.</summary>
    public static IEnumerable<JsonObject> Unpaired(PinkElephantDialogue dialogue) => Singles(dialogue, "label", isGood => isGood);

    /// <summary>Writes a model's answer and what it is like.</summary>
    public static JsonObject Answered(AnsweredDialogue answer) => new()
    {
        [Id] = answer.Dialogue.Id,
        [Instruction] = InstructionNames[answer.Dialogue.Instruction],
        [Avoid] = answer.Dialogue.Avoid,
        [Prefer] = answer.Dialogue.Prefer,
        ["prompt"] = Turns(answer.Dialogue.Prompt),
        ["answer"] = answer.Answer,
        ["mentions_avoid"] = answer.MentionsAvoid,
        ["mentions_prefer"] = answer.MentionsPrefer,
        ["mentions_other"] = answer.MentionsOther,
        ["well_formed"] = answer.IsWellFormed,
    };

    private static IEnumerable<JsonObject> Singles(PinkElephantDialogue dialogue, string column, Func<bool, JsonNode> judge) =>
        new[] { (Side: "chosen", Text: dialogue.Chosen, IsGood: true), (Side: "rejected", Text: dialogue.Rejected, IsGood: false) }.Select(answer => new JsonObject
        {
            [Id] = $"{dialogue.Id}/{answer.Side}",
            ["prompt"] = Turns(dialogue.Prompt),
            ["completion"] = Answer(answer.Text),
            [column] = judge(answer.IsGood),
        });

    private static JsonArray Answer(string text) => Turns([new ChatMessage(ChatMessage.Assistant, text)]);

    /// <summary>Writes turns as TRL and OpenAI do.</summary>
    public static JsonArray Turns(IReadOnlyList<ChatMessage> turns) =>
        new([.. turns.Select(turn => new JsonObject { ["role"] = turn.Role, ["content"] = turn.Content })]);
}
