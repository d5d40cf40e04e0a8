using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Stops a sweep whose very first evaluation does not measure what trials are compared by: no trial would ever have a score.</summary>
/// <param name="sweep">Names metric and bars.</param>
/// <param name="stop">Is cancelled.</param>
internal sealed class MetricCheck(SweepOptions sweep, CancellationTokenSource stop)
{
    private int _evaluations;

    /// <summary>Gets what is wrong; null if nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Watches a training run on the way to another observer.</summary>
    public IRunObserver Watch(IRunObserver observer) => new Watcher(this, observer);

    private void Check(IReadOnlyDictionary<string, double> metrics)
    {
        if (Interlocked.Increment(ref _evaluations) != 1)
        {
            return;
        }
        var wanted = sweep.Bars.SelectMany(bar => new[] { ("a bar's metric", bar.Metric), ("a bar's 'ofStart'", bar.OfStart) }).Prepend(("sweep.metric", sweep.Metric));
        if (wanted.FirstOrDefault(one => one.Item2 is { } name && !metrics.ContainsKey(name)) is (var key, { } missing))
        {
            Problem = $"{key} is '{missing}', but evaluations on the way measure no such thing. {NearestName.Hint(missing, metrics.Keys)}";
            stop.Cancel();
        }
    }

    private sealed class Watcher(MetricCheck check, IRunObserver observer) : IRunObserver
    {
        public void OnStep(StepReport report, int totalSteps) => observer.OnStep(report, totalSteps);

        public void OnEvaluation(int step, IReadOnlyDictionary<string, double> metrics)
        {
            check.Check(metrics);
            observer.OnEvaluation(step, metrics);
        }

        public void OnWarning(string message) => observer.OnWarning(message);
    }
}
