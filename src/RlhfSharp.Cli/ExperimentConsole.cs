using System.Globalization;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli;

/// <summary>Shows an experiment while it runs: a line that is drawn again on a terminal, a line now and then elsewhere.</summary>
internal sealed class ExperimentConsole : IExperimentConsole, IDisposable
{
    private readonly StatusLine _line;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public ExperimentConsole(TextWriter error) => _line = new StatusLine(error);

    public IRunObserver Begin(ExperimentMember member, int index, int count)
    {
        Say(count > 1 ? $"[{index + 1}/{count}] {member.Title}" : member.Title);
        return new Watcher(this, index, count);
    }

    public void Say(string line) => _line.Say(line);

    public void Dispose() => _line.Dispose();

    private sealed class Watcher(ExperimentConsole console, int index, int count) : IRunObserver
    {
        private readonly long _memberStarted = TimeProvider.System.GetTimestamp();
        private long _drawn = TimeProvider.System.GetTimestamp();
        private long _tokens;
        private int _firstStep = -1;
        private string _loss = string.Empty;
        private string _metric = string.Empty;

        public void OnStep(StepReport report, int totalSteps)
        {
            _firstStep = _firstStep < 0 ? report.Step - 1 : _firstStep;
            _tokens += report.Tokens;
            if (report.Metrics is { } metrics)
            {
                _loss = metrics.FirstOrDefault(metric => metric.Key is "losses/loss" or "loss") is { Key: not null } loss ? $"  loss {Number(loss.Value)}" : string.Empty;
            }
            var due = TimeProvider.System.GetElapsedTime(_drawn) >= console._line.Interval;
            if (due || report.Step == totalSteps)
            {
                _drawn = TimeProvider.System.GetTimestamp();
                var seconds = TimeProvider.System.GetElapsedTime(_memberStarted).TotalSeconds;
                console._line.Draw($"  step {report.Step}/{totalSteps}{_loss}{_metric}  {_tokens / Math.Max(0.001, seconds):F0} tokens/s  {TimeLeft(report.Step, totalSteps, seconds)} left");
            }
        }

        public void OnEvaluation(int step, IReadOnlyDictionary<string, double> metrics)
        {
            var first = metrics.LastOrDefault(metric => metric.Key.StartsWith("optimality", StringComparison.Ordinal)
                || metric.Key.StartsWith("accuracy/q", StringComparison.Ordinal) || metric.Key == "eval_loss");
            _metric = first.Key is null ? string.Empty : $"  {first.Key} {Number(first.Value)}";
        }

        public void OnWarning(string message) => console.Say($"warning: {message}");

        // Runs that are done tell how long the rest takes; before that the steps of this one do.
        private string TimeLeft(int step, int totalSteps, double seconds)
        {
            var perStep = seconds / Math.Max(1, step - _firstStep);
            var ownRest = perStep * (totalSteps - step);
            var perMember = index > 0 ? (TimeProvider.System.GetElapsedTime(console._started).TotalSeconds - seconds) / index : perStep * totalSteps;
            return Duration(TimeSpan.FromSeconds(ownRest + perMember * (count - index - 1)));
        }

        private static string Duration(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

        private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
    }
}
