using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Training.Rollouts;

/// <summary>The scores of a reward model, or of several that judge together.</summary>
/// <param name="scorers">At least one; the reward takes ownership.</param>
/// <param name="combination">What counts where they differ.</param>
/// <param name="uncertaintyWeight">How much disagreement costs, for <see cref="EnsembleCombination.UncertaintyWeighted"/>.</param>
public sealed class ScorerReward(IReadOnlyList<IScorer> scorers, EnsembleCombination combination, double uncertaintyWeight) : IRolloutReward
{
    /// <inheritdoc/>
    public long ParameterCount => scorers.Sum(scorer => scorer.ParameterCount);

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken)
    {
        List<ScoreRequest> requests = [.. samples.Select((sample, index) => new ScoreRequest($"{sample.Prompt.Id}/{sample.Sample.Sample}#{index}", sample.Prompt.Prompt, Completion(sample)))];
        // Local scorers compute on a thread of their own; waiting here keeps this one's dispose scopes where they are.
        var scores = scorers.Select(scorer => scorer.ScoreAsync(requests, progress: null, cancellationToken).GetAwaiter().GetResult()).ToList();
        return [.. Enumerable.Range(0, samples.Count).Select(i => EnsembleScore.Combine([.. scores.Select(of => of[i])], combination, uncertaintyWeight))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var scorer in scorers)
        {
            scorer.Dispose();
        }
    }

    private static Passage Completion((RolloutPrompt Prompt, GeneratedSample Sample) sample) => sample.Prompt.Prompt.IsConversational
        ? new Passage([new ChatMessage(ChatMessage.Assistant, sample.Sample.Text.Trim())])
        : new Passage(sample.Sample.Text);
}
