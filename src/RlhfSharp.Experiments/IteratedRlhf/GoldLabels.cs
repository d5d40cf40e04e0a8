using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Makes preferences of answers that the gold model has scored: a fold of what was sampled, so the same samples serve at every level of noise.</summary>
internal static class GoldLabels
{
    /// <summary>The name of the gold model's score in a sample's rewards.</summary>
    public const string Gold = "gold";

    /// <summary>Labels a batch.</summary>
    /// <param name="rollouts">Two samples per prompt, by prompt.</param>
    /// <param name="prompts">The prompts by id.</param>
    /// <param name="options">Noise.</param>
    /// <param name="goldDeviation">The standard deviation of the gold score on answers of the start.</param>
    /// <param name="seed">The row's seed.</param>
    /// <returns>One preference per prompt; none where both answers are the same text or score the same.</returns>
    public static IReadOnlyList<PreferenceRow> Preferences(
        IReadOnlyList<Rollout> rollouts, IReadOnlyDictionary<string, RolloutPrompt> prompts, LabelOptions options, double goldDeviation, long seed)
    {
        var rows = new List<PreferenceRow>();
        foreach (var pair in rollouts.Chunk(2))
        {
            var lead = pair[0].Rewards[Gold] - pair[1].Rewards[Gold];
            if (lead == 0 || pair[0].Text == pair[1].Text)
            {
                continue;
            }
            var id = pair[0].Prompt;
            var isFirst = options.Temperature > 0
                ? Draw(seed, $"gold-choice/{id}") < 1 / (1 + Math.Exp(-lead / goldDeviation / options.Temperature))
                : lead > 0;
            isFirst ^= Draw(seed, $"label-noise/{id}") < options.Noise;
            var (chosen, rejected) = isFirst ? (pair[0], pair[1]) : (pair[1], pair[0]);
            rows.Add(new PreferenceRow(id, new RowSource("labels", rows.Count + 1), prompts[id].Prompt, Turn(chosen), Turn(rejected)));
        }
        return rows;
    }

    private static double Draw(long seed, string purpose) => new NamedRandom(seed, purpose).NextDouble();

    private static Passage Turn(Rollout rollout) => new([new ChatMessage(ChatMessage.Assistant, rollout.Text.Trim())]);
}
