using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Rollouts;

/// <summary>Draws samples of a policy and finds out all that training wants to know of them.</summary>
/// <param name="policy">The policy, as it is whenever samples are drawn.</param>
/// <param name="reference">Tells how likely the model finds samples that training started from.</param>
/// <param name="tokenizer">The policy's.</param>
/// <param name="reward">Scores the samples; the sampler takes ownership, as of the reference.</param>
/// <param name="stopStrings">Strings at which a sample ends.</param>
/// <param name="seed">The run's seed.</param>
public sealed class RolloutSampler(
    LanguageModel policy, ReferencePolicy reference, Tokenizer tokenizer, WeightedReward reward, IReadOnlyList<string> stopStrings, long seed) : IDisposable
{
    /// <summary>How many tokens are measured at a time.</summary>
    internal const int TokensPerBatch = 16384;

    /// <summary>How many samples grow at a time.</summary>
    internal const int BatchSize = 128;

    // Probabilities of what was sampled: once by the policy, as training computes them, and once by the reference.
    private const int MeasuringPasses = 2;

    /// <summary>Gets what it cost to train the models of the reward, in tokens that pass once through the policy.</summary>
    public double PriorCompute => reward.TrainingCompute / policy.ParameterCount;

    /// <summary>Computes what a round costs to draw, whether it is drawn or read again.</summary>
    /// <param name="rollouts">The round.</param>
    /// <returns>In tokens that pass once through the policy: each prompt once, each sampled token once, and both again to be measured and scored.</returns>
    public double Cost(IReadOnlyList<Rollout> rollouts)
    {
        var passesBehind = MeasuringPasses + (double)reward.ParameterCount / policy.ParameterCount;
        return rollouts.DistinctBy(rollout => rollout.Prompt).Sum(rollout => rollout.PromptTokens.Length)
            + rollouts.Sum(rollout => rollout.Tokens.Length + passesBehind * (rollout.PromptTokens.Length + rollout.Tokens.Length));
    }

    /// <summary>Draws a round.</summary>
    /// <param name="round">From 0.</param>
    /// <param name="prompts">Its prompts.</param>
    /// <param name="samplesPerPrompt">From 1 up.</param>
    /// <param name="options">Temperature and length.</param>
    /// <param name="cancellationToken">Looked at before each token and between batches.</param>
    /// <param name="firstPrompt">The number of the first prompt among all that are drawn with this seed; by default rounds are taken to be of one size. No two samples are drawn with
    /// the same numbers.</param>
    /// <returns>The samples, by prompt and then by sample.</returns>
    /// <exception cref="InputException">A prompt fills the context, or a reward is no number.</exception>
    public IReadOnlyList<Rollout> Draw(
        int round, IReadOnlyList<RolloutPrompt> prompts, int samplesPerPrompt, OnPolicyOptions options, CancellationToken cancellationToken, int? firstPrompt = null)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(options);
        var first = firstPrompt ?? round * prompts.Count;
        var generation = new GenerationOptions
        {
            MaxNewTokens = options.MaxNewTokens,
            Temperature = options.Temperature,
            StopStrings = stopStrings,
            BatchSize = BatchSize,
        };
        int[] ends = tokenizer.EosId is { } end ? [end] : [];
        var samples = new TextGenerator(policy, ends, tokenizer).Generate(
            [.. prompts.Select(prompt => prompt.Tokens)], samplesPerPrompt, generation, seed, firstPrompt: first, cancellationToken: cancellationToken);
        var rewards = reward.Score([.. samples.Select(sample => (prompts[sample.Prompt - first], sample))], cancellationToken);
        var drawn = samples.Zip(rewards, (sample, score) =>
        {
            var prompt = prompts[sample.Prompt - first];
            return new Rollout
            {
                Round = round,
                Prompt = prompt.Id,
                Sample = sample.Sample,
                PromptText = prompt.Prompt.ToPlainText(),
                PromptTokens = [.. prompt.Tokens],
                Tokens = [.. sample.Tokens],
                Text = sample.Text,
                IsTruncated = sample.Finish == FinishReason.Length,
                LogProbs = [],
                ReferenceLogProbs = [],
                Rewards = score.Parts,
                Reward = score.Total,
            };
        }).ToList();
        return Measure(drawn, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reference.Dispose();
        reward.Dispose();
    }

    // Probabilities as training computes them, not as generation does: their last bits differ, and a ratio shall begin at 1.
    private List<Rollout> Measure(List<Rollout> rollouts, CancellationToken cancellationToken)
    {
        var dialogues = rollouts.ConvertAll(rollout => rollout.ToDialogue());
        foreach (var rows in TokenBudget.Cut([.. dialogues.Select(dialogue => dialogue.Tokens.Length)], TokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var batch = DialogueBatch.Collate([.. rows.Select(row => dialogues[row])], policy.Device);
            var hidden = policy.Backbone.Forward(batch.Tokens, batch.Lengths).index_select(0, batch.ActionPositions);
            var logProbs = Host(OutputProjection.Score(policy, hidden, batch.ActionTokens).LogProbs);
            var values = policy.Head<ValueHead>() is { } head ? Host(head.Values(hidden)) : null;
            var referenceLogProbs = Host(reference.LogProbs(batch));
            var offset = 0;
            foreach (var row in rows)
            {
                var actions = offset..(offset += rollouts[row].Tokens.Length);
                rollouts[row] = rollouts[row] with { LogProbs = logProbs[actions], ReferenceLogProbs = referenceLogProbs[actions], Values = values?[actions] };
            }
        }
        return rollouts;
    }

    private static float[] Host(Tensor values) => values.to(ScalarType.Float32).cpu().data<float>().ToArray();
}
