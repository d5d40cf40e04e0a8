namespace RlhfSharp.Cli;

/// <summary>Shows how far something has come, from its third second on.</summary>
/// <remarks>A clock draws it, not what is waited for: that may be what has stopped.</remarks>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);   // what is over sooner needs no progress

    private readonly StatusLine _line;
    private readonly Func<TimeSpan, string> _describe;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private bool _isOver;

    /// <summary>Begins to show.</summary>
    /// <param name="error">Where to.</param>
    /// <param name="describe">Says how far it is after a time; called from another thread.</param>
    public ProgressLine(TextWriter error, Func<TimeSpan, string> describe)
    {
        (_line, _describe) = (new StatusLine(error), describe);
        _timer = TimeProvider.System.CreateTimer(_ => Draw(), null, Patience, _line.Interval);
    }

    /// <summary>Shows a line that stays.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            _line.Say(line);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _line.Dispose();
            _isOver = true;
        }
    }

    private void Draw()
    {
        // Asked before the lock is taken: who answers may hold a lock of its own and be about to say something.
        var text = _describe(TimeProvider.System.GetElapsedTime(_started));
        lock (_lock)
        {
            if (!_isOver)
            {
                _line.Draw(text);
            }
        }
    }
}
