using System.Globalization;
using RlhfSharp.Experiments.Endpoints;

namespace RlhfSharp.Cli;

/// <summary>Shows requests to an endpoint while they are made.</summary>
internal sealed class RequestProgress : IEndpointObserver, IDisposable
{
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly ProgressLine _line;
    private string _step = string.Empty;
    private int _total;
    private int _done;
    private int _asked;
    private long _tokens;
    private long _warned;
    private int _unsaid;

    public RequestProgress(TextWriter error) => _line = new ProgressLine(error, Describe);

    public void OnStep(string step, int expected)
    {
        lock (_lock)
        {
            (_step, _total) = (step, _done + expected);
        }
    }

    public void OnAnswer(EndpointAnswer answer)
    {
        lock (_lock)
        {
            _done++;
            if (!answer.IsRecorded)
            {
                _asked++;
                _tokens += answer.OutputTokens;
            }
        }
    }

    public void OnRetry(string request, string reason, TimeSpan delay)
    {
        lock (_lock)
        {
            // A server that turns requests away turns many away.
            if (_warned != 0 && TimeProvider.System.GetElapsedTime(_warned) < BetweenWarnings)
            {
                _unsaid++;
                return;
            }
            var others = _unsaid == 0 ? string.Empty : $" And {_unsaid} like it before.";
            (_warned, _unsaid) = (TimeProvider.System.GetTimestamp(), 0);
            _line.Say(string.Create(CultureInfo.InvariantCulture, $"warning: {request}: {reason.TrimEnd('.')}. Next attempt in {delay.TotalSeconds:0.#} s.{others}"));
        }
    }

    public void Dispose() => _line.Dispose();

    private string Describe(TimeSpan elapsed)
    {
        lock (_lock)
        {
            // Recorded answers take no time, so only new ones tell how long the rest takes.
            var left = _asked == 0 ? "unknown time" : (elapsed / _asked * Math.Max(0, _total - _done)).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
            return string.Create(
                CultureInfo.InvariantCulture, $"  {_step}: {_done} of about {Math.Max(_total, _done)} answers, {_tokens / elapsed.TotalSeconds:F0} tokens/s, {left} left");
        }
    }
}
