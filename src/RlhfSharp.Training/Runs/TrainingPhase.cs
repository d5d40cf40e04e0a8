using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Loop;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Runs;

/// <summary>Training as a phase: a unit is an optimiser step after the evaluation that is due before it, a commit is a checkpoint.</summary>
/// <remarks>
/// <para>The last unit is the last evaluation alone. An evaluation changes nothing but the logs, so one that is interrupted is done again.</para>
/// <para>Told to stop after a step, the phase evaluates there as on the way, commits and pauses. It is the beginning of the whole run: the learning rate is that of the full length,
/// and gone on with it becomes, byte for byte, the run that was never stopped (where an evaluation was due at that step; where none was, its line of metrics is one more).
/// Stopped at its very end it has not made the last evaluation, the one that counts.</para>
/// </remarks>
public sealed class TrainingPhase : Phase
{
    private const string TrainerFolder = "trainer";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string StateFile = "state.json";
    private const string PauseKey = "pause";
    private const string PauseStepKey = "step";
    private const string PauseEndKey = "isEnd";

    private readonly RunDirectory _directory;
    private readonly ITrainingTask _task;
    private readonly LoopOptions _options;
    private readonly TrainingLoop _loop;
    private readonly Tokenizer? _tokenizer;
    private readonly IEvaluation _evaluation;
    private readonly IReadOnlyList<IRunObserver> _observers;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly int? _stopAfter;
    private int? _evaluatedAt;   // by a pause
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
    /// <param name="stopAfter">The step after which the run pauses, or at its end if that comes first; null runs it to its end and evaluates it.</param>
    public TrainingPhase(
        RunDirectory directory,
        ITrainingTask task,
        LoopOptions options,
        OptimizerOptions optimizerOptions,
        long seed,
        Tokenizer? tokenizer,
        IEvaluation evaluation,
        IReadOnlyList<IRunObserver> observers,
        TimeProvider time,
        int? stopAfter = null)
    {
        (_directory, _task, _options, _tokenizer, _evaluation, _observers, _time) = (directory, task, options, tokenizer, evaluation, observers, time);
        _loop = new TrainingLoop(task, options, optimizerOptions, seed);
        (_started, _stopAfter) = (time.GetTimestamp(), stopAfter);
    }

    /// <inheritdoc/>
    public override string Name => "train";

    /// <inheritdoc/>
    public override int UnitCount => TotalSteps + 1;

    private int TotalSteps => _loop.TotalSteps;

    /// <summary>Says whether a run has come as far as a pause: it was stopped there, has ended before, or has gone on from there.</summary>
    /// <param name="progress">The run's progress; null where nothing was committed yet.</param>
    /// <param name="stopAfter">The step after which it was to stop.</param>
    /// <returns>Whether there is nothing left to do up to that step.</returns>
    public static bool HasReached(RunProgress? progress, int stopAfter) => progress is not null
        && (progress.Phase > 0 || progress.Unit > stopAfter
            || (progress.State?[PauseKey] is { } pause && (int)pause[PauseStepKey]! == progress.Unit && (progress.Unit >= stopAfter || (bool)pause[PauseEndKey]!)));

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
        _evaluatedAt = (int?)state[PauseKey]?[PauseStepKey];
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
        if (unit == TotalSteps || (_evaluatedAt != unit && (unit == 0 || (_options.EvaluateEvery > 0 && unit % _options.EvaluateEvery == 0))))
        {
            Evaluate(unit, isLast: unit == TotalSteps, cancellationToken);
        }
        if (unit < TotalSteps)
        {
            TakeStep();
        }
    }

    /// <inheritdoc/>
    public override bool PausesBefore(int unit) => _stopAfter is { } stop && unit == Math.Min(stop, TotalSteps);

    /// <inheritdoc/>
    public override void Pause(int unit, CancellationToken cancellationToken)
    {
        if (_evaluatedAt != unit)
        {
            Evaluate(unit, isLast: false, cancellationToken);
            _evaluatedAt = unit;
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
        if (_evaluatedAt == _loop.Step)
        {
            state[PauseKey] = new JsonObject { [PauseStepKey] = _loop.Step, [PauseEndKey] = _loop.Step == TotalSteps };
        }
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
            observer.OnStep(report, Math.Min(_loop.ExpectedSteps, _stopAfter ?? int.MaxValue));
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

    private void Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        var result = _evaluation.Evaluate(step, isLast, cancellationToken);
        RunResults.Record(_directory, step, (double)step / _loop.Plan.StepsPerEpoch, result, _observers);
        KeepIfBest(step, result.Metrics);
        if (isLast)
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
