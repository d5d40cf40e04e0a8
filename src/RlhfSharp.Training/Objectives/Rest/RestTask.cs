using System.ComponentModel.DataAnnotations;
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
    private readonly IReadOnlyList<Tensor> _start;   // empty where rounds go on from each other
    private bool[][] _keeps = [];                  // [improve step][sample]
    private (int Best, int Worst)?[][] _pairs = [];   // [improve step][prompt]
    private int _improve;

    /// <summary>Initializes the task.</summary>
    /// <param name="run">What it is made of; a step counts rows, kept or not.</param>
    /// <param name="original">The data's own answers, to be imitated beside the samples.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="InputException">The thresholds do not rise from 0 to 1, or there is no prompt.</exception>
    public RestTask(OnPolicyRun run, IReadOnlyList<TokenizedDialogue> original, RestOptions options)
        : base(run, options, options.Thresholds.Count * options.UpdateEpochs, options.RowsPerPass)
    {
        (_options, _original) = (options, original);
        if (options.Validate(new ValidationContext(options)).FirstOrDefault() is { } problem)
        {
            throw new InputException($"objective.{problem.ErrorMessage}");
        }
        if (options is { OriginalAnswers: > 0, Loss: RestLoss.Nll } && original.Count == 0)
        {
            throw new InputException("objective.originalAnswers: the data has no answers of its own.");
        }
        using var scope = NewDisposeScope();
        _start = options.Start == RestStart.Previous ? [] : [.. Trained().Select(parameter => parameter.detach().clone().DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public override double LossWeight(int row) =>
        _options.Loss == RestLoss.Dpo ? (_pairs[_improve][row] is null ? 0 : 1) :
        row >= Rollouts.Count ? Original(row).AnswerLength :
        _keeps[_improve][row] ? Rollouts[row].Tokens.Length : 0;

    /// <inheritdoc/>
    public override long Tokens(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return _options.Loss == RestLoss.Dpo ? rows.Sum(row => (long)RowLengths[row]) : base.Tokens(rows);
    }

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
        foreach (var (parameter, start) in Trained().Zip(_start))
        {
            parameter.copy_(start);
        }
        return true;
    }

    /// <inheritdoc/>
    public override ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return _options.Loss == RestLoss.Dpo ? PairLoss(rows, device) : base.Forward(rows, device);
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
        foreach (var tensor in _start)
        {
            tensor.Dispose();
        }
        base.Dispose();
    }

    // All where it has a say in what is kept. Else what it is measured against, and one sample of each prompt for the metrics.
    private protected override IReadOnlyList<int> ShownToReference(IReadOnlyList<Rollout> drawn)
    {
        if (KlCoefficient > 0)
        {
            return base.ShownToReference(drawn);
        }
        IEnumerable<int> first = drawn.Index().Where(item => item.Item.Sample == 0).Select(item => item.Index);
        IEnumerable<int> paired = _options is { Loss: RestLoss.Dpo, Reference: RestReference.Start }
            ? RestFilter.Pairs(Worths(drawn), _options.Thresholds[0]).Index()   // later thresholds keep fewer
                .Where(item => item.Item is not null)
                .SelectMany(item => new[] { item.Item!.Value.Best, item.Item.Value.Worst }, (item, side) => item.Index * _options.SamplesPerPrompt + side)
            : [];
        return [.. first.Union(paired).Order()];
    }

    private protected override void BeginRound()
    {
        var groups = Worths(Rollouts);
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

    // A pair is called by its better side.
    private protected override TokenizedDialogue Dialogue(int row) =>
        _options.Loss == RestLoss.Dpo ? Pair(row).Chosen
        : row >= Rollouts.Count ? Original(row)
        : base.Dialogue(row);

    private protected override int Length(int row) =>
        _options.Loss == RestLoss.Nll ? base.Length(row) : _pairs[_improve][row] is null ? 0 : BranchedBatch.Length(Policy.Config, Pair(row).Sides);

    private protected override ObjectiveOutput Forward(IReadOnlyList<int> rows, BranchedBatch batch) => NegativeLogLikelihood.Loss(batch.LogProbs(Policy));

    private ObjectiveOutput PairLoss(IReadOnlyList<int> rows, Device device)
    {
        var sums = AnswerLogProbs.Sums(Policy, [.. rows.Select(Pair)]);
        Tensor Of(int side, Func<Rollout, float> number) => tensor(rows.Select(row => number(Side(row, side))).ToArray(), device: device);
        float Before(Rollout rollout) => (_options.Reference == RestReference.Start ? rollout.Reference() : rollout.LogProbs).Sum();
        float Length(Rollout rollout) => rollout.Tokens.Length;
        return Dpo.Loss(
            sums[0], sums[1], Of(0, Before), Of(1, Before), Of(0, Length), Of(1, Length), new DpoOptions { Beta = _options.Beta, SftCoefficient = _options.SftCoefficient });
    }

    private double[][] Worths(IReadOnlyList<Rollout> rollouts) =>
        [.. rollouts.Select(rollout => Score(rollout) - (KlCoefficient > 0 ? KlCoefficient * Kl(rollout, KlEstimator.K1) : 0)).Chunk(_options.SamplesPerPrompt)];

    private IEnumerable<Tensor> Trained() => Policy.AllParameters.Select(entry => entry.Value).Where(parameter => parameter.requires_grad);

    private TokenizedPair Pair(int prompt) => new(Side(prompt, 0).ToDialogue(), Side(prompt, 1).ToDialogue());

    private Rollout Side(int prompt, int side)
    {
        var (best, worst) = _pairs[_improve][prompt]!.Value;
        return Rollouts[prompt * _options.SamplesPerPrompt + (side == 0 ? best : worst)];
    }

    // The data's answers in turn, others in each round.
    private TokenizedDialogue Original(int row) => _original[(int)(((long)Round * _options.OriginalAnswers + row - Rollouts.Count) % _original.Count)];
}
