using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Dialogues of the pink-elephant task as rows that training understands.</summary>
internal static class PinkElephantRows
{
    /// <summary>Makes rewarded rows: good answers earn +1, bad ones −1.</summary>
    public static IEnumerable<TextRow> Rewarded(IReadOnlyList<LabelledAnswer> answers, RewardPlace place)
    {
        var inspector = new AnswerInspector([.. answers.Select(answer => answer.Dialogue).Distinct()]);
        foreach (var answer in answers)
        {
            var mention = place == RewardPlace.Mention ? inspector.FirstMention(Telling(answer), answer.Text) : null;
            yield return Row(answer, answer.IsGood ? 1 : -1, mention);
        }
    }

    /// <summary>Makes rows to imitate: the good answers.</summary>
    public static IEnumerable<TextRow> Good(IReadOnlyList<LabelledAnswer> answers) => answers.Where(answer => answer.IsGood)
        .Select(answer => new PromptCompletionRow($"{answer.Dialogue.Id}/{answer.Name}", Source(answer.Index), new Passage(answer.Dialogue.Prompt), Turn(answer.Text)));

    /// <summary>Makes preferences: each good answer of a dialogue beside a bad one, as far as there are both.</summary>
    public static IEnumerable<TextRow> Preferences(IReadOnlyList<LabelledAnswer> answers) => answers.GroupBy(answer => answer.Index).SelectMany(dialogue => dialogue
        .Where(answer => answer.IsGood).Zip(dialogue.Where(answer => !answer.IsGood)).Index().Select(pair => new PreferenceRow(
            pair.Index == 0 ? pair.Item.First.Dialogue.Id : $"{pair.Item.First.Dialogue.Id}/{pair.Index}",
            Source(dialogue.Key),
            new Passage(pair.Item.First.Dialogue.Prompt),
            Turn(pair.Item.First.Text),
            Turn(pair.Item.Second.Text))));

    /// <summary>Makes completed rows of any answers, for instance those of a model.</summary>
    public static IEnumerable<TextRow> Answered(IReadOnlyList<(string Id, Passage Prompt, string Answer)> answers) =>
        answers.Index().Select(item => new PromptCompletionRow(item.Item.Id, Source(item.Index), item.Item.Prompt, Turn(item.Item.Answer)));

    // What a good answer ought to name, and what makes a bad one bad.
    private static string Telling(LabelledAnswer answer) =>
        (answer.Dialogue.Instruction == InstructionKind.Avoid) == answer.IsGood ? answer.Dialogue.Prefer : answer.Dialogue.Avoid;

    private static RewardedRow Row(LabelledAnswer answer, double reward, Mention? mention)
    {
        var row = new RewardedRow($"{answer.Dialogue.Id}/{answer.Name}", Source(answer.Index), new Passage(answer.Dialogue.Prompt), Turn(answer.Text));
        return mention is { } known ? row with { TokenRewards = [new TokenReward(known.Last, reward)] } : row with { Reward = reward };
    }

    private static Passage Turn(string answer) => new([new ChatMessage(ChatMessage.Assistant, answer)]);

    private static RowSource Source(int index) => new("pink-elephants", index + 1);
}
