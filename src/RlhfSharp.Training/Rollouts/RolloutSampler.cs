using System.Text.Json;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;
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
    /// <summary>How many samples grow at a time.</summary>
    internal const int BatchSize = 128;

    // Enough to keep the batch full, few enough to be worth keeping.
    private const int SamplesPerPart = 512;

    /// <summary>Gets where samples are kept for other runs, and taken from where they would be the same: from a policy with the same parameters, to the same prompts, with the same settings and
    /// numbers.</summary>
    /// <value>Null, the default: nowhere. Samples that are taken count as compute like those that are drawn.</value>
    public ContentStore? Store { get; init; }

    /// <summary>Gets what it cost to train the models of the reward, in tokens that pass once through the policy.</summary>
    public double PriorCompute => reward.TrainingCompute / policy.ParameterCount;

    /// <summary>Computes what a round costs to draw, whether it is drawn or read again.</summary>
    /// <param name="rollouts">The round.</param>
    /// <param name="options">What it was drawn with.</param>
    /// <returns>In tokens that pass once through the policy: each prompt once, each sampled token once, and both again to be measured and scored.</returns>
    public double Cost(IReadOnlyList<Rollout> rollouts, OnPolicyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        double Read(IEnumerable<Rollout> samples) => PromptSharing.Tokens(policy.Config, [.. samples.Select(rollout => rollout.ToDialogue())]);
        return rollouts.DistinctBy(rollout => rollout.Prompt).Sum(rollout => rollout.PromptTokens.Length)
            + rollouts.Sum(rollout => rollout.Tokens.Length)
            + reward.Cost(rollouts) / policy.ParameterCount
            + (options.ReadsSamplesAgain ? Read(rollouts) : 0)
            + Read(rollouts.Where(rollout => rollout.ReferenceLogProbs is not null));
    }

    /// <summary>Draws a round.</summary>
    /// <param name="round">From 0.</param>
    /// <param name="prompts">Its prompts.</param>
    /// <param name="samplesPerPrompt">From 1 up.</param>
    /// <param name="options">Temperature and length.</param>
    /// <param name="cancellationToken">Looked at before each token and between batches.</param>
    /// <param name="firstPrompt">The number of the first prompt among all that are drawn with this seed; by default rounds are taken to be of one size. No two samples are drawn with
    /// the same numbers.</param>
    /// <param name="shown">Which of the samples, by their numbers, the reference is asked about; by default all.</param>
    /// <param name="log">Where samples are kept part after part while the round is drawn; what is there of it is not drawn again. By default nowhere.</param>
    /// <returns>The samples, by prompt and then by sample.</returns>
    /// <exception cref="InputException">A prompt fills the context, or a reward is no number.</exception>
    public IReadOnlyList<Rollout> Draw(
        int round, IReadOnlyList<RolloutPrompt> prompts, int samplesPerPrompt, OnPolicyOptions options, CancellationToken cancellationToken, int? firstPrompt = null,
        Func<IReadOnlyList<Rollout>, IReadOnlyList<int>>? shown = null, GrowLog? log = null)
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
        IReadOnlyList<GeneratedSample> Generate() => this.Generate(round, prompts, samplesPerPrompt, generation, first, log, cancellationToken);
        using var content = Store is null ? null : Content(prompts, samplesPerPrompt, generation, first);
        var samples = content is null ? Generate() : Store!.GetOrAdd("samples", content, Generate);
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
                LogProbs = [.. sample.LogProbs.Select(logProb => (float)logProb)],
                Rewards = score.Parts,
                Reward = score.Total,
            };
        }).ToList();
        if (options.ReadsSamplesAgain)
        {
            Measure(drawn, [.. Enumerable.Range(0, drawn.Count)], MeasurePolicy, cancellationToken);
        }
        Measure(drawn, shown?.Invoke(drawn) ?? [.. Enumerable.Range(0, drawn.Count)], MeasureReference, cancellationToken);
        return drawn;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reference.Dispose();
        reward.Dispose();
    }

    // All that samples depend on.
    private ContentHash Content(IReadOnlyList<RolloutPrompt> prompts, int samplesPerPrompt, GenerationOptions options, int first)
    {
        var content = new ContentHash().Add(policy).Add(tokenizer.EosId ?? -1).Add(seed).Add(first).Add(samplesPerPrompt).Add(JsonSerializer.Serialize(options));
        foreach (var prompt in prompts)
        {
            content.Add(prompt.Tokens);
        }
        return content;
    }

    private List<GeneratedSample> Generate(
        int round, IReadOnlyList<RolloutPrompt> prompts, int samplesPerPrompt, GenerationOptions generation, int first, GrowLog? log, CancellationToken cancellationToken)
    {
        int[] ends = tokenizer.EosId is { } end ? [end] : [];
        var generator = new TextGenerator(policy, ends, tokenizer);
        var promptsPerPart = log is null ? prompts.Count : Math.Min(prompts.Count, Math.Max(1, SamplesPerPart / samplesPerPrompt));
        var samples = log is null ? [] : log.Read(round, promptsPerPart * samplesPerPrompt, prompts.Count * samplesPerPrompt).ToList();
        foreach (var part in prompts.Skip(samples.Count / samplesPerPrompt).Select(prompt => prompt.Tokens).Chunk(promptsPerPart))
        {
            var drawn = generator.Generate(part, samplesPerPrompt, generation, seed, firstPrompt: first + samples.Count / samplesPerPrompt, cancellationToken: cancellationToken);
            log?.Append(round, drawn);
            samples.AddRange(drawn);
        }
        return samples;
    }

    private void Measure(List<Rollout> rollouts, IReadOnlyList<int> measured, Func<BranchedBatch, Func<Rollout, Range, Rollout>> measure, CancellationToken cancellationToken)
    {
        void Read(BranchedBatch batch, IReadOnlyList<(int Dialogue, Range Actions)> places)
        {
            var of = measure(batch);
            foreach (var (place, actions) in places)
            {
                rollouts[measured[place]] = of(rollouts[measured[place]], actions);
            }
        }
        PromptSharing.Read(policy.Config, policy.Device, [.. measured.Select(index => rollouts[index].ToDialogue())], Read, cancellationToken);
    }

    // Where ratios are taken, probabilities as training computes them, not as generation does: their last bits differ, and a ratio shall begin at 1.
    private Func<Rollout, Range, Rollout> MeasurePolicy(BranchedBatch batch)
    {
        var hidden = batch.HiddenStates(policy).index_select(0, batch.ActionPositions);
        var logProbs = Host(OutputProjection.Score(policy, hidden, batch.ActionTokens).LogProbs);
        var values = policy.Head<ValueHead>() is { } head ? Host(head.Values(hidden)) : null;
        return (rollout, actions) => rollout with { LogProbs = logProbs[actions], Values = values?[actions] };
    }

    private Func<Rollout, Range, Rollout> MeasureReference(BranchedBatch batch)
    {
        var logProbs = Host(reference.LogProbs(batch));
        return (rollout, actions) => rollout with { ReferenceLogProbs = logProbs[actions] };
    }

    private static float[] Host(Tensor values) => values.to(ScalarType.Float32).cpu().data<float>().ToArray();
}
