using RlhfSharp.Models.Generation;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Rewards answers by a rule. A prompt's id is its dialogue's.</summary>
internal sealed class PinkElephantReward(IReadOnlyList<PinkElephantDialogue> dialogues, PinkElephantRewardOptions options) : IRolloutReward
{
    private static readonly char[] Blanks = [' ', '\n', '\t'];

    private readonly AnswerInspector _inspector = new(dialogues);
    private readonly Dictionary<string, PinkElephantDialogue> _dialogues = dialogues.ToDictionary(dialogue => dialogue.Id, StringComparer.Ordinal);

    public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) =>
        [.. samples.Select(sample => Score(_inspector.Inspect(_dialogues[sample.Prompt.Id], sample.Sample.Text)))];

    public void Dispose()
    {
    }

    private double Score(AnsweredDialogue answer)
    {
        var isForbidden = answer.Dialogue.Instruction == InstructionKind.Avoid;
        return options.Rule switch
        {
            PinkElephantRule.Obeys => answer.Obeys ? 1 : -1,
            PinkElephantRule.OnTopic => (isForbidden ? answer.MentionsPrefer : answer.MentionsAvoid) ? 1 : 0,
            PinkElephantRule.NoOther => answer.MentionsOther ? -1 : 0,
            PinkElephantRule.LongEnough => Math.Min(1, answer.Answer.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Length / (double)options.Words),
            _ => throw new InvalidOperationException($"There is no rule {options.Rule}."),
        };
    }
}
