using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy by ReST: it samples, keeps what is good, and learns from that with rising demands (Gulcehre et al. 2023,
/// https://arxiv.org/abs/2308.08998, algorithm 1).</summary>
public sealed class RestTask : OnPolicyTask
{
    private readonly RestOptions _options;
    private readonly IReadOnlyList<TokenizedDialogue> _original;
    private readonly IReadOnlyList<KeyValuePair<string, Tensor>> _start;
    private bool[][] _keeps = [];                  // [improve step][sample]
    private (int Best, int Worst)?[][] _pairs = [];   // [improve step][prompt]
    private int _improve;

    /// <summary>Initializes the task.</summary>
    /// <param name="model">The policy, as it starts.</param>
    /// <param name="prompts">What it is asked.</param>
    /// <param name="original">The data's own answers, to be imitated beside the samples.</param>
    /// <param name="sampler">Draws its answers; the task takes ownership.</param>
    /// <param name="log">Where samples are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="rowsPerStep">The number of samples of a step, kept or not: <c>loop.rowsPerStep</c>.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InputException">The thresholds do not rise from 0 to 1, or there is no prompt.</exception>
    public RestTask(
        LanguageModel model,
        IReadOnlyList<RolloutPrompt> prompts,
        IReadOnlyList<TokenizedDialogue> original,
        RolloutSampler sampler,
        RolloutLog log,
        RestOptions options,
        int rowsPerStep,
        long seed)
        : base(model, prompts, sampler, log, options, rowsPerStep, seed, passesPerRound: options.Thresholds.Count * options.UpdateEpochs, RowCount(options))
    {
        (_options, _original) = (options, original);
        if (options.Thresholds is not [>= 0, ..] || options.Thresholds[^1] > 1 || options.Thresholds.Zip(options.Thresholds.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new InputException($"objective.thresholds is [{string.Join(", ", options.Thresholds)}]; thresholds rise, from 0 to 1.");
        }
        if (options is { OriginalAnswers: > 0, Loss: RestLoss.Nll } && original.Count == 0)
        {
            throw new InputException("objective.originalAnswers: the data has no answers of its own.");
        }
        _start = options.Start == RestStart.Previous ? [] :
            [.. Policy.AllParameters.Where(entry => entry.Value.requires_grad).Select(entry => KeyValuePair.Create(entry.Key, entry.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <inheritdoc/>
    public override double LossWeight(int row) =>
        _options.Loss == RestLoss.Dpo ? (_pairs[_improve][row] is null ? 0 : 1) :
        row >= Rollouts.Count ? Original(row).AnswerLength :
        _keeps[_improve][row] ? Rollouts[row].Tokens.Length : 0;

    /// <inheritdoc/>
    public override double LearningRateScale => Math.Pow(_options.LearningRateDecay, _improve);

    /// <inheritdoc/>
    public override bool StartOver(int step)
    {
        if (_options.Start == RestStart.Previous || !BeginsRound(step))
        {
            return false;
        }
        using var noGrad = no_grad();
        foreach (var (parameter, start) in Policy.AllParameters.Where(entry => entry.Value.requires_grad).Zip(_start))
        {
            parameter.Value.copy_(start.Value);
        }
        return true;
    }

    /// <inheritdoc/>
    public override ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        if (_options.Loss == RestLoss.Nll)
        {
            return base.Forward(rows, device);
        }
        var (best, worst) = (rows.Select(row => Side(row, pair => pair.Best)).ToList(), rows.Select(row => Side(row, pair => pair.Worst)).ToList());
        var sums = AnswerLogProbs.Sums(Policy, [.. best.Concat(worst).Select(rollout => rollout.ToDialogue())]);
        Tensor Of(List<Rollout> side, Func<Rollout, float> number) => tensor(side.Select(number).ToArray(), device: device);
        float Before(Rollout rollout) => rollout.LogProbs.Sum();   // the reference is the policy that sampled
        float Length(Rollout rollout) => rollout.Tokens.Length;
        return Dpo.Loss(
            sums.narrow(0, 0, rows.Count),
            sums.narrow(0, rows.Count, rows.Count),
            Of(best, Before),
            Of(worst, Before),
            Of(best, Length),
            Of(worst, Length),
            new DpoOptions { Beta = _options.Beta });
    }

    /// <inheritdoc/>
    public override void AddHostMetrics(IDictionary<string, double> metrics)
    {
        base.AddHostMetrics(metrics);
        metrics["rest/threshold"] = _options.Thresholds[_improve];
        metrics["rest/kept"] = Enumerable.Range(0, RowLengths.Count).Count(row => LossWeight(row) > 0) / (double)RowLengths.Count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var (_, tensor) in _start)
        {
            tensor.Dispose();
        }
        base.Dispose();
    }

    private protected override void BeginRound()
    {
        double[][] groups = [.. Rollouts.Select(Score).Chunk(_options.SamplesPerPrompt)];
        if (_options.Loss == RestLoss.Dpo)
        {
            _pairs = [.. _options.Thresholds.Select(threshold => RestFilter.Pairs(groups, threshold))];
            return;
        }
        // A sample that was drawn twice counts once.
        var isFirst = Rollouts.Index().DistinctBy(item => (item.Item.Prompt, string.Join(' ', item.Item.Tokens))).Select(item => item.Index).ToHashSet();
        _keeps = [.. _options.Thresholds.Select(threshold => RestFilter.Keep(groups, _options.Selection, threshold)
            .SelectMany(group => group).Select((isKept, row) => isKept && isFirst.Contains(row)).ToArray())];
    }

    private protected override void BeginPass(int pass) => _improve = pass / _options.UpdateEpochs;

    private protected override IReadOnlyList<TokenizedDialogue> Rows(IReadOnlyList<TokenizedDialogue> samples) => _options.Loss == RestLoss.Dpo
        ? [.. samples.Chunk(_options.SamplesPerPrompt).Select(group => group.MaxBy(sample => sample.Tokens.Length)!)]   // for the length of a pair, about
        : [.. samples, .. Enumerable.Range(samples.Count, _options.OriginalAnswers).Select(Original)];

    private protected override ObjectiveOutput Forward(IReadOnlyList<int> rows, DialogueBatch batch) =>
        NegativeLogLikelihood.Loss(SupervisedFineTuningTask.LogProbs(Policy, batch));

    private static int RowCount(RestOptions options) => options.Loss == RestLoss.Dpo ? options.PromptsPerRound : options.RowsPerRound + options.OriginalAnswers;

    private Rollout Side(int prompt, Func<(int Best, int Worst), int> side) => Rollouts[prompt * _options.SamplesPerPrompt + side(_pairs[_improve][prompt]!.Value)];

    // The data's answers in turn, others in each round.
    private TokenizedDialogue Original(int row) => _original[(int)(((long)Round * _options.OriginalAnswers + row - Rollouts.Count) % _original.Count)];
}
