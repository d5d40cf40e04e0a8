using System.Globalization;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli;

/// <summary>Shows an experiment while it runs, whatever number of runs at a time: a line that is drawn again on a terminal, a line now and then elsewhere.</summary>
internal sealed class ExperimentConsole : IExperimentConsole, IDisposable
{
    private readonly StatusLine _line;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, RunWatcher> _running = [];
    private readonly List<TimeSpan> _durations = [];   // of the runs that are done
    private long _drawn = TimeProvider.System.GetTimestamp();

    public ExperimentConsole(TextWriter error) => _line = new StatusLine(error);

    public IRunObserver Begin(string title, int index, int count)
    {
        lock (_lock)
        {
            _line.Say(count > 1 ? $"[{index + 1}/{count}] {title}" : title);
            return _running[index] = new RunWatcher(this, count);
        }
    }

    public void End(int index)
    {
        lock (_lock)
        {
            _durations.Add(_running[index].Elapsed);
            _running.Remove(index);
        }
    }

    public void Say(string line)
    {
        lock (_lock)
        {
            _line.Say(line);
        }
    }

    public void Dispose() => _line.Dispose();

    /// <summary>Draws the line if it is old enough, or at once.</summary>
    internal void Draw(int count, bool atOnce)
    {
        lock (_lock)
        {
            if (!atOnce && TimeProvider.System.GetElapsedTime(_drawn) < _line.Interval)
            {
                return;
            }
            _drawn = TimeProvider.System.GetTimestamp();
            var states = _running.Select(run => _running.Count > 1 ? $"[{run.Key + 1}] {run.Value.State}" : run.Value.State);
            _line.Draw($"  {string.Join("  ", states)}  {Duration(TimeLeft(count))} left");
        }
    }

    // Of what goes on, by its steps; of what waits, by the runs that are done or else by those that go on.
    private TimeSpan TimeLeft(int count)
    {
        var rests = _running.Values.Select(run => run.TimeLeft).ToList();
        var each = _durations.Count > 0 ? _durations.Average(time => time.TotalSeconds) : _running.Values.Average(run => (run.Elapsed + run.TimeLeft).TotalSeconds);
        var waiting = count - _running.Keys.Last() - 1;
        return rests.Max() + TimeSpan.FromSeconds(each * Math.Ceiling((double)waiting / _running.Count));
    }

    private static string Duration(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
