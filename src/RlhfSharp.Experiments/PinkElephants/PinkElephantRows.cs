using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Dialogues of the pink-elephant task as rows that training understands.</summary>
internal static class PinkElephantRows
{
    /// <summary>Makes rewarded rows: good answers earn +1, bad ones −1.</summary>
    public static IEnumerable<TextRow> Rewarded(IReadOnlyList<PinkElephantDialogue> dialogues, RewardPlace place)
    {
        var inspector = new AnswerInspector(dialogues);
        foreach (var (index, dialogue) in dialogues.Index())
        {
            // What the good answer ought to name, and what makes the bad one bad.
            var (good, bad) = dialogue.Instruction == InstructionKind.Avoid ? (dialogue.Prefer, dialogue.Avoid) : (dialogue.Avoid, dialogue.Prefer);
            yield return Row(dialogue, index, "chosen", dialogue.Chosen, 1, place == RewardPlace.Mention ? inspector.FirstMention(good, dialogue.Chosen) : null);
            yield return Row(dialogue, index, "rejected", dialogue.Rejected, -1, place == RewardPlace.Mention ? inspector.FirstMention(bad, dialogue.Rejected) : null);
        }
    }

    /// <summary>Makes rows to imitate: the good answers.</summary>
    public static IEnumerable<TextRow> Chosen(IReadOnlyList<PinkElephantDialogue> dialogues) =>
        dialogues.Index().Select(item => new PromptCompletionRow($"{item.Item.Id}/chosen", Source(item.Index), new Passage(item.Item.Prompt), Turn(item.Item.Chosen)));

    /// <summary>Writes the good and the bad answer of each dialogue as a preference.</summary>
    public static IEnumerable<TextRow> Preferences(IReadOnlyList<PinkElephantDialogue> dialogues) => dialogues.Index().Select(item => new PreferenceRow(
        item.Item.Id, Source(item.Index), new Passage(item.Item.Prompt), Turn(item.Item.Chosen), Turn(item.Item.Rejected)));

    /// <summary>Makes completed rows of any answers, for instance those of a model.</summary>
    public static IEnumerable<TextRow> Answered(IReadOnlyList<PinkElephantDialogue> dialogues, IReadOnlyList<string> answers) =>
        dialogues.Zip(answers).Index().Select(item => new PromptCompletionRow(
            item.Item.First.Id, Source(item.Index), new Passage(item.Item.First.Prompt), Turn(item.Item.Second)));

    private static RewardedRow Row(PinkElephantDialogue dialogue, int index, string side, string answer, double reward, Mention? mention)
    {
        var row = new RewardedRow($"{dialogue.Id}/{side}", Source(index), new Passage(dialogue.Prompt), Turn(answer));
        return mention is { } known ? row with { TokenRewards = [new TokenReward(known.Last, reward)] } : row with { Reward = reward };
    }

    private static Passage Turn(string answer) => new([new ChatMessage(ChatMessage.Assistant, answer)]);

    private static RowSource Source(int index) => new("pink-elephants", index + 1);
}
