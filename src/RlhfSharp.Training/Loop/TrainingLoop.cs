using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Loop;

/// <summary>The one training loop: every objective is optimised by this code.</summary>
public sealed class TrainingLoop : IDisposable
{
    // A backward pass computes about twice what a forward pass does: the gradient of the activations and that of the weights.
    private const double PassesPerTrainedToken = 3;

    private readonly ITrainingTask _task;
    private readonly LoopOptions _options;
    private readonly long _seed;
    private readonly LearningRates _learningRates;
    private readonly double _headCost;   // of a token that passes through the model and its heads, in passes through the model alone

    /// <summary>Initializes the loop at step 0.</summary>
    /// <param name="task">The algorithm's wiring.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="optimizerOptions">Settings, already validated.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InputException">Every parameter is frozen.</exception>
    public TrainingLoop(ITrainingTask task, LoopOptions options, OptimizerOptions optimizerOptions, long seed)
    {
        (_task, _options, _seed) = (task, options, seed);
        if (!task.Model.AllParameters.Any(parameter => parameter.Value.requires_grad))
        {
            throw new InputException("Nothing is left to train: all parameters are frozen. Raise model.unfrozenLayers.");
        }
        task.Model.GradientCheckpointing = options.GradientCheckpointing;
        Plan = new BatchPlan(task.RowLengths, options, seed, task.RowsPerGroup);
        _learningRates = new LearningRates(optimizerOptions, Plan.TotalSteps);
        _headCost = task.Model.AllParameters.Sum(parameter => parameter.Value.numel()) / (double)task.Model.ParameterCount;
        if (options.ComputeBudget > 0 && BudgetShare >= 1)
        {
            throw new InputException(FormattableString.Invariant(
                $"loop.computeBudget is {options.ComputeBudget:G}, and {Compute:G} are used up before the first step, by reward models that were trained for it or by the reference. Raise it."));
        }
        Optimizer = new FusedAdamW(task.Model.AllParameters, optimizerOptions);
    }

    /// <summary>Gets which rows each step takes.</summary>
    public BatchPlan Plan { get; }

    /// <summary>Gets the optimiser.</summary>
    public FusedAdamW Optimizer { get; }

    /// <summary>Gets or sets the number of updates so far; set by resuming.</summary>
    public int Step { get; set; }

    /// <summary>Gets or sets what the loop's own passes have cost so far, in tokens that pass once through the policy; set by resuming.</summary>
    public double TrainingCompute { get; set; }

    /// <summary>Gets what the run has cost so far, sampling and scoring included; see <see cref="LoopOptions.ComputeBudget"/>.</summary>
    public double Compute => TrainingCompute + _task.OtherCompute;

    /// <summary>Gets the number of steps of the run: what the plan says, or the present one where the budget is used up.</summary>
    public int TotalSteps => BudgetShare >= 1 ? Math.Min(Step, Plan.TotalSteps) : Plan.TotalSteps;

    /// <summary>Gets how many steps the run will have if the next ones cost as much as those before.</summary>
    public int ExpectedSteps => BudgetShare is > 0 and < 1 && Step > 0 ? (int)Math.Min(Plan.TotalSteps, Math.Ceiling(Step / BudgetShare)) : TotalSteps;

    private double BudgetShare => _options.ComputeBudget > 0 ? Compute / _options.ComputeBudget : 0;

    /// <summary>Gets ready for the next step, which may take long where rows are sampled for it. <see cref="TakeStep"/> does it if this was not called.</summary>
    /// <param name="cancellationToken">Stops; nothing has changed then.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Prepare(CancellationToken cancellationToken) => _task.Prepare(Step + 1, cancellationToken);

    /// <summary>Takes one optimiser step, whole or not at all.</summary>
    /// <returns>What happened.</returns>
    /// <exception cref="DivergedException">The gradient is not finite; the weights are unchanged.</exception>
    public StepReport TakeStep()   // never async: dispose scopes belong to a thread
    {
        using var stepScope = NewDisposeScope();
        var step = Step + 1;
        _task.Prepare(step, CancellationToken.None);
        if (_task.StartOver(step))
        {
            Optimizer.Forget();
        }
        var learningRate = _learningRates.At(step, BudgetShare) * _task.LearningRateScale;
        List<int[]> microBatches = [.. Plan.MicroBatches(step).Select(rows => rows.Where(row => _task.LossWeight(row) > 0).ToArray()).Where(rows => rows.Length > 0)];
        // Rows count their loss units on the host, so the divisor of the whole step is known before the first backward pass and the
        // gradient does not depend on how rows were cut into micro-batches.
        var stepWeight = Math.Max(1, microBatches.SelectMany(rows => rows).Sum(_task.LossWeight));
        _task.BeginStep([.. microBatches.SelectMany(rows => rows)]);
        var totals = new MetricTotals();
        _task.Model.Adapter?.BeginStep(_seed, step);
        foreach (var rows in microBatches)
        {
            using var microScope = NewDisposeScope();   // this micro-batch's activations end here
            var output = _task.Forward(rows, _task.Model.Device);
            (output.LossSum / stepWeight).backward();
            totals.Add(output.Metrics);                 // detached, still on the device
        }
        _task.Model.Adapter?.EndStep();
        // Every step's one read-back. Where all rows were left out, nothing moves, not even by the optimiser's momentum.
        var gradNorm = microBatches.Count > 0 ? Optimizer.ClipGradients().ToDouble() : 0;
        if (!double.IsFinite(gradNorm))
        {
            Optimizer.ZeroGradients();   // the next attempt must not add to them
            throw new DivergedException(step, gradNorm, learningRate, [.. microBatches.SelectMany(rows => rows).Select(_task.Describe)]);
        }
        if (microBatches.Count > 0)
        {
            Optimizer.Update(learningRate);
            Optimizer.ZeroGradients();
        }
        Step = step;
        _task.AfterUpdate(step, Plan.EndsPass(step));
        HostMemory.CollectIfDue(step);
        var tokens = microBatches.Sum(_task.Tokens);
        TrainingCompute += PassesPerTrainedToken * _headCost * tokens;
        return new StepReport(step, (double)step / Plan.StepsPerEpoch, tokens, LogsAt(step) ? Metrics(totals, learningRate, gradNorm) : null);
    }

    /// <inheritdoc/>
    public void Dispose() => Optimizer.Dispose();

    private bool LogsAt(int step) => step == 1 || step % _options.LogEvery == 0 || step == TotalSteps;

    private OrderedDictionary<string, double> Metrics(MetricTotals totals, double learningRate, double gradNorm)
    {
        var metrics = new OrderedDictionary<string, double>(totals.ToHost());
        _task.AddHostMetrics(metrics);
        metrics["learning_rate"] = learningRate;
        metrics["grad_norm"] = gradNorm;
        return metrics;
    }
}
