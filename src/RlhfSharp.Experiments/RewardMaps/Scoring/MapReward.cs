using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A reward model and what it is given to read.</summary>
/// <param name="Options">Template and suffix.</param>
/// <param name="Scorer">The model.</param>
internal sealed record MapReward(TextRewardOptions Options, IScorer Scorer)
{
    /// <summary>Scores texts.</summary>
    /// <param name="texts">What was asked for, and what was written; no text is empty.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One score per text, in their order; of texts longer than the model's context, that of the first lines that fit.</returns>
    public async Task<IReadOnlyList<MapScore>> ScoreAsync(IReadOnlyList<(long Id, string Prompt, string Text)> texts, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return [];
        }
        var requests = texts.Select(text => Fit(text.Id, text.Prompt, text.Text)).ToList();
        var scores = await Scorer.ScoreAsync([.. requests.Select(request => request.Request)], null, cancellationToken).ConfigureAwait(false);
        return [.. scores.Zip(requests, (score, request) => new MapScore(score, request.IsCut))];
    }

    // What a model would cut off by itself is the beginning of a poem, or a template's end.
    private (ScoreRequest Request, bool IsCut) Fit(long id, string prompt, string text)
    {
        var whole = Write(id, prompt, text);
        if (Scorer.ReadsWhole(whole))
        {
            return (whole, false);
        }
        var first = FirstLines.Of(text, part => Scorer.ReadsWhole(Write(id, prompt, part)));
        return (first is null ? whole : Write(id, prompt, first), true);
    }

    private ScoreRequest Write(long id, string prompt, string text) => Options.Template switch
    {
        RewardTemplate.Pair => new ScoreRequest($"{id}", new Passage(Options.Prompt ?? prompt), new Passage(text)),
        RewardTemplate.Dialogue => new ScoreRequest($"{id}", new Passage([new ChatMessage(ChatMessage.User, Options.Prompt ?? prompt)]), new Passage([new ChatMessage(ChatMessage.Assistant, text)])),
        RewardTemplate.Suffix => new ScoreRequest($"{id}", null, new Passage($"{text}\n{Options.Suffix}")),
        _ => new ScoreRequest($"{id}", null, new Passage(text)),
    };
}
