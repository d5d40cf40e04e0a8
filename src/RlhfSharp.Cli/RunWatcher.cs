using System.Globalization;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli;

/// <summary>Keeps how far one run of an experiment is.</summary>
/// <param name="console">Shows it.</param>
/// <param name="count">The number of runs.</param>
internal sealed class RunWatcher(ExperimentConsole console, int count) : IRunObserver
{
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private long _firstStepAt;
    private int _firstStep = -1;
    private int _step;
    private int _totalSteps;
    private long _tokens;
    private string _loss = string.Empty;
    private string _metric = string.Empty;

    /// <summary>Gets the time since it began.</summary>
    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_begun);

    /// <summary>Gets how long its steps will take yet; before its second step nothing is known.</summary>
    public TimeSpan TimeLeft => _step > _firstStep ? SinceFirstStep * ((double)(_totalSteps - _step) / (_step - _firstStep)) : TimeSpan.Zero;

    /// <summary>Gets a few words on how far it is.</summary>
    public string State
    {
        get
        {
            var speed = SinceFirstStep > TimeSpan.Zero ? $"  {_tokens / SinceFirstStep.TotalSeconds:F0} tokens/s" : string.Empty;
            return $"step {_step}/{_totalSteps}{_loss}{_metric}{speed}";
        }
    }

    // The first step waits for what comes before it, an evaluation for instance.
    private TimeSpan SinceFirstStep => _step > _firstStep ? TimeProvider.System.GetElapsedTime(_firstStepAt) : TimeSpan.Zero;

    public void OnStep(StepReport report, int totalSteps)
    {
        (_step, _totalSteps) = (report.Step, totalSteps);
        if (_firstStep < 0)
        {
            (_firstStep, _firstStepAt) = (report.Step, TimeProvider.System.GetTimestamp());
        }
        else
        {
            _tokens += report.Tokens;
        }
        if (report.Metrics is { } metrics)
        {
            _loss = metrics.FirstOrDefault(metric => metric.Key is "losses/loss" or "loss") is { Key: not null } loss ? $"  loss {Number(loss.Value)}" : string.Empty;
        }
        console.Draw(count, atOnce: report.Step == totalSteps);
    }

    public void OnEvaluation(int step, IReadOnlyDictionary<string, double> metrics)
    {
        var shown = metrics.LastOrDefault(metric => metric.Key.StartsWith("optimality", StringComparison.Ordinal)
            || metric.Key.StartsWith("accuracy/q", StringComparison.Ordinal) || metric.Key is "eval_loss" or "gold/mean");
        _metric = shown.Key is null ? string.Empty : $"  {shown.Key} {Number(shown.Value)}";
    }

    public void OnWarning(string message) => console.Say($"warning: {message}");

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
