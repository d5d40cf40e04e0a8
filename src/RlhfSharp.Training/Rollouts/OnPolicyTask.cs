using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Rollouts;

/// <summary>Trains a policy on its own samples: a row is a sample, a pass over the rows a pass over the round's samples.</summary>
/// <remarks>A round is drawn when its first step is due, appended to the log, and read from there when a run is resumed in its middle.</remarks>
public abstract class OnPolicyTask : ITrainingTask, IDisposable
{
    private readonly IReadOnlyList<RolloutPrompt> _prompts;
    private readonly RolloutSampler _sampler;
    private readonly RolloutLog _log;
    private readonly OnPolicyOptions _options;
    private readonly long _seed;
    private readonly int _passSteps;
    private readonly int _passesPerRound;
    private readonly int[] _lengths;
    private IReadOnlyList<TokenizedDialogue> _dialogues = [];

    private protected OnPolicyTask(
        LanguageModel model, IReadOnlyList<RolloutPrompt> prompts, RolloutSampler sampler, RolloutLog log, OnPolicyOptions options, int rowsPerStep, long seed)
        : this(model, prompts, sampler, log, options, rowsPerStep, seed, options.UpdateEpochs, options.RowsPerRound)
    {
    }

    private protected OnPolicyTask(
        LanguageModel model,
        IReadOnlyList<RolloutPrompt> prompts,
        RolloutSampler sampler,
        RolloutLog log,
        OnPolicyOptions options,
        int rowsPerStep,
        long seed,
        int passesPerRound,
        int rowsPerRound)
    {
        (Policy, _prompts, _sampler, _log, _options, _seed) = (model, prompts, sampler, log, options, seed);
        if (prompts.Count == 0)
        {
            throw new InputException("There is no prompt to sample from.");
        }
        (_passesPerRound, _lengths) = (passesPerRound, new int[rowsPerRound]);
        _passSteps = (_lengths.Length + rowsPerStep - 1) / rowsPerStep;
        KlCoefficient = options.KlCoefficient;
    }

    /// <inheritdoc/>
    public TransformerModel Model => Policy;

    /// <inheritdoc/>
    /// <remarks>Those of the present round; all 0 before the first.</remarks>
    public IReadOnlyList<int> RowLengths => _lengths;

    /// <summary>Gets the samples of the present round.</summary>
    public IReadOnlyList<Rollout> Rollouts { get; private set; } = [];

    /// <summary>Gets the present round, from 0; −1 before the first.</summary>
    protected int Round { get; private set; } = -1;

    /// <summary>Gets the policy.</summary>
    protected LanguageModel Policy { get; }

    /// <summary>Gets the weight of the penalty for leaving the start in the present round.</summary>
    protected double KlCoefficient { get; private set; }

    /// <inheritdoc/>
    public void Prepare(int step, CancellationToken cancellationToken)
    {
        var pass = (step - 1) / _passSteps;
        PrepareRound(pass / _passesPerRound, cancellationToken);
        BeginPass(pass % _passesPerRound);
    }

    /// <inheritdoc/>
    public virtual double LearningRateScale => 1;

    /// <inheritdoc/>
    public virtual bool StartOver(int step) => false;

    private void PrepareRound(int round, CancellationToken cancellationToken)
    {
        if (round == Round && Rollouts.Count > 0)
        {
            return;
        }
        var rollouts = _log.Read(round, _options.RowsPerRound);
        if (rollouts is null)
        {
            rollouts = _sampler.Draw(round, Prompts(round), _options.Samples, _options, cancellationToken);
            _log.Append(rollouts);
        }
        if (round > 0 && Round == round - 1)
        {
            KlCoefficient = NextKlCoefficient(KlCoefficient, Rollouts.Count > 0 ? Rollouts : _log.Read(Round, _options.RowsPerRound)!);
        }
        (Round, Rollouts) = (round, rollouts);
        _dialogues = Rows([.. rollouts.Select(rollout => rollout.ToDialogue())]);
        foreach (var (row, dialogue) in _dialogues.Index())
        {
            _lengths[row] = dialogue.Tokens.Length;
        }
        BeginRound();
    }

    /// <inheritdoc/>
    public abstract double LossWeight(int row);

    /// <inheritdoc/>
    public string Describe(int row) => _dialogues[row].Source.ToString();

    /// <inheritdoc/>
    public virtual ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device) => Forward(rows, DialogueBatch.Collate([.. rows.Select(row => _dialogues[row])], device));

    /// <inheritdoc/>
    public virtual void AddHostMetrics(IDictionary<string, double> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        metrics["objective/kl"] = Rollouts.Average(rollout => Kl(rollout, KlEstimator.K1));
        metrics["objective/kl_coef"] = KlCoefficient;
        metrics["objective/entropy"] = Rollouts.Average(rollout => -rollout.LogProbs.Sum(logProb => (double)logProb));
        metrics["objective/scores"] = Rollouts.Average(rollout => rollout.Reward);
        metrics["objective/rlhf_reward"] = metrics["objective/scores"] - KlCoefficient * metrics["objective/kl"];
        metrics["completions/mean_length"] = Rollouts.Average(rollout => rollout.Tokens.Length);
        metrics["completions/clipped_ratio"] = Rollouts.Average(rollout => rollout.IsTruncated ? 1.0 : 0);
        foreach (var part in Rollouts[0].Rewards.Keys)
        {
            metrics[$"rewards/{part}/mean"] = Rollouts.Average(rollout => rollout.Rewards[part]);
        }
        metrics["round"] = Round;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> SaveCounters() => new Dictionary<string, double> { ["round"] = Round, ["kl_coefficient"] = KlCoefficient };

    /// <inheritdoc/>
    public void RestoreCounters(IReadOnlyDictionary<string, double> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        (Round, KlCoefficient) = ((int)counters["round"], counters["kl_coefficient"]);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _sampler.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes what needs all samples of a round: advantages.</summary>
    private protected abstract void BeginRound();

    /// <summary>Gets ready for a pass over the round's rows.</summary>
    /// <param name="pass">From 0, within the round.</param>
    private protected virtual void BeginPass(int pass)
    {
    }

    /// <summary>Makes the round's rows; by default the samples.</summary>
    private protected virtual IReadOnlyList<TokenizedDialogue> Rows(IReadOnlyList<TokenizedDialogue> samples) => samples;

    /// <summary>Tells whether a step is the first of a round.</summary>
    private protected bool BeginsRound(int step) => (step - 1) % (_passSteps * _passesPerRound) == 0;

    /// <summary>Computes the loss of some samples.</summary>
    /// <param name="rows">Indices into the round.</param>
    /// <param name="batch">The same samples as a batch.</param>
    private protected abstract ObjectiveOutput Forward(IReadOnlyList<int> rows, DialogueBatch batch);

    /// <summary>Computes the weight of the penalty in the next round.</summary>
    private protected virtual double NextKlCoefficient(double coefficient, IReadOnlyList<Rollout> rollouts) => coefficient;

    /// <summary>Computes the divergence of a sample, summed over its tokens.</summary>
    private protected static double Kl(Rollout rollout, KlEstimator estimator) =>
        rollout.LogProbs.Zip(rollout.ReferenceLogProbs, (logProb, reference) => KlDivergence.Estimate(logProb, reference, estimator)).Sum();

    /// <summary>Computes what counts of a sample's reward: clipped, less what it loses for not coming to an end.</summary>
    private protected double Score(Rollout rollout)
    {
        var clipped = _options.RewardClip is { } clip ? Math.Clamp(rollout.Reward, -clip, clip) : rollout.Reward;
        return rollout.IsTruncated ? clipped - _options.MissingEosPenalty : clipped;
    }

    /// <summary>Gathers one number per action of some rows into a tensor.</summary>
    /// <returns><c>[actions]</c>, in F32.</returns>
    private protected static Tensor Gather(IReadOnlyList<int> rows, Func<int, IEnumerable<float>> numbers, Device device) => tensor(rows.SelectMany(numbers).ToArray(), device: device);

    // Every prompt once before any comes again, in an order of its own each time.
    private List<RolloutPrompt> Prompts(int round)
    {
        var chosen = new List<RolloutPrompt>();
        var (turn, order) = (-1L, Array.Empty<int>());
        for (var i = 0; i < _options.PromptsPerRound; i++)
        {
            var index = (long)round * _options.PromptsPerRound + i;
            if (index / _prompts.Count != turn)
            {
                turn = index / _prompts.Count;
                order = [.. Enumerable.Range(0, _prompts.Count)];
                new NamedRandom(_seed, "rollout-prompts", turn).Shuffle(order.AsSpan());
            }
            chosen.Add(_prompts[order[index % _prompts.Count]]);
        }
        return chosen;
    }
}
