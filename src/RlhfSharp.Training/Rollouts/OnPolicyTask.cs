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
    private readonly OnPolicyRun _run;
    private readonly OnPolicyOptions _options;
    private readonly int _passSteps;
    private readonly int _passesPerRound;
    private readonly int[] _lengths;
    private int _pass = -1;   // the one that everything is ready for, counted over all rounds

    private protected OnPolicyTask(OnPolicyRun run, OnPolicyOptions options)
        : this(run, options, options.UpdateEpochs, options.RowsPerRound)
    {
    }

    private protected OnPolicyTask(OnPolicyRun run, OnPolicyOptions options, int passesPerRound, int rowsPerRound)
    {
        if (run.Prompts.Count == 0)
        {
            throw new InputException("There is no prompt to sample from.");
        }
        (_run, _options, _passesPerRound, _lengths) = (run, options, passesPerRound, new int[rowsPerRound]);
        _passSteps = (rowsPerRound + run.RowsPerStep - 1) / run.RowsPerStep;
        var prompt = (int)run.Prompts.Average(each => each.Tokens.Count);
        var isShared = PromptSharing.TokensPerAnswer(run.Policy.Config, prompt, options.MaxNewTokens, options.AnswersTogether) < prompt + options.MaxNewTokens;
        RowsPerGroup = isShared ? options.AnswersTogether : 1;
        KlCoefficient = options.KlCoefficient;
        OtherCompute = run.Sampler.PriorCompute;
    }

    /// <inheritdoc/>
    public TransformerModel Model => Policy;

    /// <inheritdoc/>
    /// <remarks>Those of the present pass; all 0 before the first.</remarks>
    public IReadOnlyList<int> RowLengths => _lengths;

    /// <inheritdoc/>
    /// <remarks>The samples of a prompt where sharing it pays. Elsewhere, beside the short prompts of random walks for instance, steps had fewer prompts for nothing.</remarks>
    public int RowsPerGroup { get; }

    /// <inheritdoc/>
    public virtual long Tokens(IReadOnlyList<int> rows) => PromptSharing.Tokens(Policy.Config, [.. rows.Select(Dialogue)]);

    /// <inheritdoc/>
    public double OtherCompute { get; private set; }

    /// <summary>Gets the samples of the present round.</summary>
    public IReadOnlyList<Rollout> Rollouts { get; private set; } = [];

    /// <summary>Gets the present round, from 0; −1 before the first.</summary>
    protected int Round { get; private set; } = -1;

    /// <summary>Gets the policy.</summary>
    protected LanguageModel Policy => _run.Policy;

    /// <summary>Gets the weight of the penalty for leaving the start in the present round.</summary>
    protected double KlCoefficient { get; private set; }

    /// <inheritdoc/>
    public void Prepare(int step, CancellationToken cancellationToken)
    {
        var pass = (step - 1) / _passSteps;
        if (pass == _pass)
        {
            return;
        }
        PrepareRound(pass / _passesPerRound, cancellationToken);
        BeginPass(pass % _passesPerRound);
        for (var row = 0; row < _lengths.Length; row++)
        {
            _lengths[row] = Length(row);
        }
        _pass = pass;
    }

    /// <inheritdoc/>
    public virtual double LearningRateScale => 1;

    /// <inheritdoc/>
    public virtual bool StartOver(int step) => false;

    /// <inheritdoc/>
    public abstract double LossWeight(int row);

    /// <inheritdoc/>
    public string Describe(int row) => Dialogue(row).Source.ToString();

    /// <inheritdoc/>
    public virtual ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        var (batch, order) = PromptSharing.Collate(Policy.Config, device, [.. rows.Select(Dialogue)]);
        return Forward([.. order.Select(place => rows[place])], batch);
    }

    /// <inheritdoc/>
    public virtual void AddHostMetrics(IDictionary<string, double> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        metrics["objective/kl"] = Rollouts.Where(rollout => rollout.ReferenceLogProbs is not null).Average(rollout => Kl(rollout, KlEstimator.K1));
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
    public IReadOnlyDictionary<string, double> SaveCounters() => new Dictionary<string, double> { ["round"] = Round, ["kl_coefficient"] = KlCoefficient, ["other_compute"] = OtherCompute };

    /// <inheritdoc/>
    public void RestoreCounters(IReadOnlyDictionary<string, double> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        (Round, KlCoefficient) = ((int)counters["round"], counters["kl_coefficient"]);
        OtherCompute = counters.TryGetValue("other_compute", out var known) ? known : OtherCompute;   // runs of an earlier version did not count
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _run.Sampler.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes what needs all samples of a round: advantages.</summary>
    private protected abstract void BeginRound();

    /// <summary>Chooses the samples of a round that the reference is asked about; by default all.</summary>
    /// <param name="drawn">The samples, with their rewards.</param>
    /// <returns>Their numbers; at least one, for the metrics.</returns>
    private protected virtual IReadOnlyList<int> ShownToReference(IReadOnlyList<Rollout> drawn) => [.. Enumerable.Range(0, drawn.Count)];

    /// <summary>Gets ready for a pass over the round's rows.</summary>
    /// <param name="pass">From 0, within the round.</param>
    private protected virtual void BeginPass(int pass)
    {
    }

    /// <summary>Gets what a row of the present pass puts into a batch; by default its sample.</summary>
    private protected virtual TokenizedDialogue Dialogue(int row) => Rollouts[row].ToDialogue();

    /// <summary>Counts the tokens of a row's forward pass in the present pass over the rows.</summary>
    private protected virtual int Length(int row) => Dialogue(row).Tokens.Length;

    /// <summary>Tells whether a step is the first of a round.</summary>
    private protected bool BeginsRound(int step) => (step - 1) % (_passSteps * _passesPerRound) == 0;

    /// <summary>Computes the loss of some samples.</summary>
    /// <param name="rows">Indices into the round.</param>
    /// <param name="batch">What <see cref="Dialogue"/> gave for them, row after row.</param>
    private protected abstract ObjectiveOutput Forward(IReadOnlyList<int> rows, BranchedBatch batch);

    /// <summary>Computes the weight of the penalty in the next round.</summary>
    private protected virtual double NextKlCoefficient(double coefficient, IReadOnlyList<Rollout> rollouts) => coefficient;

    /// <summary>Computes the divergence of a sample, summed over its tokens.</summary>
    private protected static double Kl(Rollout rollout, KlEstimator estimator) =>
        rollout.LogProbs.Zip(rollout.Reference(), (logProb, reference) => KlDivergence.Estimate(logProb, reference, estimator)).Sum();

    /// <summary>Computes what counts of a sample's reward: clipped, less what it loses for not coming to an end.</summary>
    private protected double Score(Rollout rollout)
    {
        var clipped = _options.RewardClip is { } clip ? Math.Clamp(rollout.Reward, -clip, clip) : rollout.Reward;
        return rollout.IsTruncated ? clipped - _options.MissingEosPenalty : clipped;
    }

    /// <summary>Gathers one number per action of some rows into a tensor.</summary>
    /// <returns><c>[actions]</c>, in F32.</returns>
    private protected static Tensor Gather(IReadOnlyList<int> rows, Func<int, IEnumerable<float>> numbers, Device device) => tensor(rows.SelectMany(numbers).ToArray(), device: device);

    private void PrepareRound(int round, CancellationToken cancellationToken)
    {
        if (round == Round && Rollouts.Count > 0)
        {
            return;
        }
        var rollouts = _run.Log.Read(round, _options.RowsPerRound);
        if (rollouts is null)
        {
            rollouts = _run.Sampler.Draw(round, Prompts(round), _options.Samples, _options, cancellationToken, shown: ShownToReference, log: _run.Grow);
            _run.Log.Append(rollouts);
        }
        if (round > 0 && Round == round - 1)
        {
            KlCoefficient = NextKlCoefficient(KlCoefficient, Rollouts.Count > 0 ? Rollouts : _run.Log.Read(Round, _options.RowsPerRound)!);
        }
        // A run that is resumed within a round has counted it already.
        OtherCompute += round == Round ? 0 : _run.Sampler.Cost(rollouts, _options);
        (Round, Rollouts) = (round, rollouts);
        BeginRound();
    }

    // Every prompt once before any comes again, in an order of its own each time.
    private List<RolloutPrompt> Prompts(int round)
    {
        var chosen = new List<RolloutPrompt>();
        var (turn, order) = (-1L, Array.Empty<int>());
        for (var i = 0; i < _options.PromptsPerRound; i++)
        {
            var index = (long)round * _options.PromptsPerRound + i;
            if (index / _run.Prompts.Count != turn)
            {
                turn = index / _run.Prompts.Count;
                order = [.. Enumerable.Range(0, _run.Prompts.Count)];
                new NamedRandom(_run.Seed, "rollout-prompts", turn).Shuffle(order.AsSpan());
            }
            chosen.Add(_run.Prompts[order[index % _run.Prompts.Count]]);
        }
        return chosen;
    }
}
