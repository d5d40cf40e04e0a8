using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A reward model and what it is given to read.</summary>
/// <param name="Options">Template and suffix.</param>
/// <param name="Scorer">The model.</param>
internal sealed record MapReward(MapRewardOptions Options, IScorer Scorer)
{
    /// <summary>Scores texts.</summary>
    /// <param name="texts">What was asked for, and what was written; no text is empty.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<(long Id, string Prompt, string Text)> texts, CancellationToken cancellationToken) => texts.Count == 0
        ? Task.FromResult<IReadOnlyList<double>>([])
        : Scorer.ScoreAsync([.. texts.Select(text => Write(text.Id, text.Prompt, text.Text))], null, cancellationToken);

    private ScoreRequest Write(long id, string prompt, string text) => Options.Template switch
    {
        RewardTemplate.Pair => new ScoreRequest($"{id}", new Passage(Options.Prompt ?? prompt), new Passage(text)),
        RewardTemplate.Suffix => new ScoreRequest($"{id}", null, new Passage($"{text}\n{Options.Suffix}")),
        _ => new ScoreRequest($"{id}", null, new Passage(text)),
    };
}
