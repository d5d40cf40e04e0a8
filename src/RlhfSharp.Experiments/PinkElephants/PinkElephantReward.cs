using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Rewards answers by a rule. A prompt's id is its dialogue's.</summary>
internal sealed class PinkElephantReward : IRolloutReward
{
    private readonly AnswerInspector _inspector;
    private readonly PinkElephantRewardOptions _options;
    private readonly Dictionary<string, PinkElephantDialogue> _dialogues;

    /// <summary>Initializes the reward.</summary>
    /// <param name="dialogues">Those whose answers will be scored, at least.</param>
    /// <param name="options">The rule.</param>
    /// <exception cref="InputException">The rule cannot judge one of the dialogues.</exception>
    public PinkElephantReward(IReadOnlyList<PinkElephantDialogue> dialogues, PinkElephantRewardOptions options)
    {
        if (options.Rule == PinkElephantRule.WellFormed && dialogues.FirstOrDefault(dialogue => !AnswerInspector.HasGrammar(dialogue.Topic)) is { } foreign)
        {
            throw new InputException($"rewards: the rule well-formed judges topics of the built-in world only, and dialogue \"{foreign.Id}\" is about \"{foreign.Topic}\"; "
                + "kind: fluency judges any text.");
        }

        _inspector = new AnswerInspector(dialogues);
        _options = options;
        _dialogues = dialogues.ToDictionary(dialogue => dialogue.Id, StringComparer.Ordinal);
    }

    public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) =>
        [.. samples.Select(sample => Score(_inspector.Inspect(_dialogues[sample.Prompt.Id], sample.Sample.Text)))];

    public void Dispose()
    {
    }

    private double Score(AnsweredDialogue answer)
    {
        var isForbidden = answer.Dialogue.Instruction == InstructionKind.Avoid;
        return _options.Rule switch
        {
            PinkElephantRule.Obeys => answer.Obeys ? 1 : -1,
            PinkElephantRule.OnTopic => (isForbidden ? answer.MentionsPrefer : answer.MentionsAvoid) ? 1 : 0,
            PinkElephantRule.NoOther => answer.MentionsOther ? -1 : 0,
            PinkElephantRule.LongEnough => Math.Min(1, WordCount.Of(answer.Answer) / (double)_options.Words),
            PinkElephantRule.WellFormed => answer.IsWellFormed == true ? 0 : -1,
            _ => throw new InvalidOperationException($"There is no rule {_options.Rule}."),
        };
    }
}
