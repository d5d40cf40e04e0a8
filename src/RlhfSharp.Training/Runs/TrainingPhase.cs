using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Loop;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Runs;

/// <summary>Training as a phase: a unit is an optimiser step after the evaluation that is due before it, a commit is a checkpoint.</summary>
/// <remarks>The last unit is the last evaluation alone. An evaluation changes nothing but the logs, so one that is interrupted is done again.</remarks>
public sealed class TrainingPhase : Phase
{
    private const string TrainerFolder = "trainer";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string StateFile = "state.json";

    private readonly RunDirectory _directory;
    private readonly ITrainingTask _task;
    private readonly LoopOptions _options;
    private readonly TrainingLoop _loop;
    private readonly Tokenizer? _tokenizer;
    private readonly IEvaluation _evaluation;
    private readonly IReadOnlyList<IRunObserver> _observers;
    private readonly TimeProvider _time;
    private readonly long _started;
    private (double Value, int Step)? _best;
    private long _tokens;

    /// <summary>Initializes the phase over a model as it starts; resuming loads weights into it.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <param name="task">The algorithm's wiring.</param>
    /// <param name="options">Settings of the loop.</param>
    /// <param name="optimizerOptions">Settings of the optimiser.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="tokenizer">Saved with each checkpoint; null where the model has none.</param>
    /// <param name="evaluation">Measures the model at the start, every so many steps and at the end.</param>
    /// <param name="observers">Watch.</param>
    /// <param name="time">For <c>timing.jsonl</c>.</param>
    public TrainingPhase(
        RunDirectory directory,
        ITrainingTask task,
        LoopOptions options,
        OptimizerOptions optimizerOptions,
        long seed,
        Tokenizer? tokenizer,
        IEvaluation evaluation,
        IReadOnlyList<IRunObserver> observers,
        TimeProvider time)
    {
        (_directory, _task, _options, _tokenizer, _evaluation, _observers, _time) = (directory, task, options, tokenizer, evaluation, observers, time);
        _loop = new TrainingLoop(task, options, optimizerOptions, seed);
        _started = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public override string Name => "train";

    /// <inheritdoc/>
    public override int UnitCount => TotalSteps + 1;

    private int TotalSteps => _loop.TotalSteps;

    /// <inheritdoc/>
    public override void Open(JsonObject? state)
    {
        if (state is null)
        {
            return;
        }
        var name = (string)state["checkpoint"]!;
        var checkpoint = _directory.File("checkpoints", name);
        if (!Directory.Exists(checkpoint))
        {
            throw new InputException($"Cannot resume '{_directory.Path}': its last commit names the checkpoint '{name}', which is not there.");
        }
        using var optimizer = SafetensorsReader.Open(Path.Combine(checkpoint, TrainerFolder, OptimizerFile));
        Checkpoint.LoadInto(_task.Model, checkpoint);
        _loop.Optimizer.Restore(optimizer.Read);
        _loop.Step = (int)state["step"]!;
        _tokens = (long)state["tokens"]!;
        _loop.TrainingCompute = (double?)state["trainingCompute"] ?? 0;   // runs of an earlier version did not count
        _best = state["best"] is JsonObject best ? ((double)best["value"]!, (int)best["step"]!) : null;
        _task.RestoreCounters(state["counters"]!.Deserialize<Dictionary<string, double>>()!);
    }

    /// <inheritdoc/>
    public override void RunUnit(int unit, CancellationToken cancellationToken)
    {
        if (unit < TotalSteps)
        {
            _loop.Prepare(cancellationToken);   // before the evaluation: what is cancelled here must not have written its metrics already
        }
        if (unit == 0 || unit == TotalSteps || (_options.EvaluateEvery > 0 && unit % _options.EvaluateEvery == 0))
        {
            Evaluate(unit, cancellationToken);
        }
        if (unit < TotalSteps)
        {
            TakeStep();
        }
    }

    /// <inheritdoc/>
    public override bool CommitsAfter(int unit) => unit < TotalSteps && _options.SaveEvery > 0 && (unit + 1) % _options.SaveEvery == 0;

    /// <inheritdoc/>
    public override JsonObject Commit(int nextUnit)
    {
        var name = CheckpointName(_loop.Step);
        var state = new JsonObject
        {
            ["checkpoint"] = name,
            ["step"] = _loop.Step,
            ["tokens"] = _tokens,
            ["trainingCompute"] = _loop.TrainingCompute,
            ["counters"] = JsonSerializer.SerializeToNode(_task.SaveCounters()),
            ["best"] = _best is { } best ? new JsonObject { ["value"] = best.Value, ["step"] = best.Step } : null,
        };
        RunDirectory.ReplaceFolder(_directory.File("checkpoints", name), folder =>
        {
            SaveModel(folder, type: null);
            var trainer = Path.Combine(folder, TrainerFolder);
            SafeDirectory.Create(trainer);
            SafetensorsWriter.Write(Path.Combine(trainer, OptimizerFile), _loop.Optimizer.State());
            var withLogs = (JsonObject)state.DeepClone();
            withLogs["logLengths"] = JsonSerializer.SerializeToNode(_directory.LogLengths);
            AtomicFile.WriteAllText(Path.Combine(trainer, StateFile), withLogs.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        });
        if (nextUnit == UnitCount)
        {
            RunDirectory.ReplaceFolder(_directory.File("checkpoints", "final"), SaveResult);
        }
        return state;
    }

    /// <inheritdoc/>
    public override void AfterCommit()
    {
        var due = Enumerable.Range(1, _loop.Step).Where(step => CommitsAfter(step - 1) || step == TotalSteps).TakeLast(_options.KeepCheckpoints);
        var kept = due.Append(_loop.Step).Select(CheckpointName).ToHashSet();
        foreach (var folder in Directory.GetDirectories(_directory.Checkpoints, "step-*").Where(folder => !kept.Contains(Path.GetFileName(folder))))
        {
            RunDirectory.RemoveFolder(folder);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _loop.Dispose();

    private static string CheckpointName(int step) => $"step-{step:D6}";

    private void TakeStep()
    {
        var before = _time.GetTimestamp();
        var report = TakeStepOrWriteBatch();
        _tokens += report.Tokens;
        if (report.Metrics is { } metrics)
        {
            _directory.Metrics.AppendMetrics(report.Step, report.Epoch, metrics.Concat([new("num_tokens", _tokens), new("num_forward_tokens", _loop.Compute)]));
            _directory.Timing.AppendJson(new JsonObject
            {
                ["step"] = report.Step,
                ["seconds"] = Math.Round(_time.GetElapsedTime(_started).TotalSeconds, 3),
                ["tokens_per_second"] = Math.Round(report.Tokens / Math.Max(1e-9, _time.GetElapsedTime(before).TotalSeconds), 1),
            });
        }
        foreach (var observer in _observers)
        {
            observer.OnStep(report, _loop.ExpectedSteps);
        }
    }

    private StepReport TakeStepOrWriteBatch()
    {
        try
        {
            return _loop.TakeStep();
        }
        catch (DivergedException exception)
        {
            var file = _directory.File($"diverged-step-{exception.Step:D6}.json");
            AtomicFile.WriteAllText(file, new JsonObject
            {
                ["step"] = exception.Step,
                ["problem"] = exception.Message,
                ["rows"] = new JsonArray([.. exception.Rows.Select(row => JsonValue.Create(row))]),
            }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
            throw;
        }
    }

    private void Evaluate(int step, CancellationToken cancellationToken)
    {
        var result = _evaluation.Evaluate(step, isLast: step == TotalSteps, cancellationToken);
        RunResults.Record(_directory, step, (double)step / _loop.Plan.StepsPerEpoch, result, _observers);
        KeepIfBest(step, result.Metrics);
        if (step == TotalSteps)
        {
            RunResults.Write(_directory.Path, result, _loop.Compute);
        }
    }

    private void KeepIfBest(int step, IReadOnlyDictionary<string, double> metrics)
    {
        if (_options.BestMetric is not { } wanted)
        {
            return;
        }
        var name = wanted.TrimStart('-');
        if (!metrics.TryGetValue(name, out var value))
        {
            throw new InputException($"loop.bestMetric is '{wanted}', but the evaluation measures no such thing. {NearestName.Hint(name, metrics.Keys)}");
        }
        value *= wanted.StartsWith('-') ? -1 : 1;
        if (_best is null || value > _best.Value.Value)
        {
            _best = (value, step);
            RunDirectory.ReplaceFolder(_directory.File("checkpoints", "best"), SaveResult);
            _directory.Events.AppendJson(new JsonObject { ["event"] = "best", ["step"] = step, ["metric"] = name, ["value"] = metrics[name] });
        }
    }

    private void SaveResult(string folder) => SaveModel(folder, _options.SaveAs == SavedType.Bfloat16 ? ScalarType.BFloat16 : null);

    private void SaveModel(string folder, ScalarType? type)
    {
        Checkpoint.Save(_task.Model, folder, type);
        _tokenizer?.Save(folder);
    }
}
