namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Spaces the beginnings of requests evenly, and holds all of them back while the server asks for that.</summary>
/// <remarks>Not a limiter of System.Threading.RateLimiting: those take no <see cref="TimeProvider"/>.</remarks>
/// <param name="requestsPerMinute">The largest number; 0 for no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestPacer(int requestsPerMinute, TimeProvider time)
{
    private readonly TimeSpan _interval = requestsPerMinute == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1.0 / requestsPerMinute);
    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits for the next moment at which a request may begin.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan delay;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var begin = now > _next ? now : _next;
            _next = begin + _interval;
            delay = begin - now;
        }
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets no request begin for a time.</summary>
    public void Pause(TimeSpan duration)
    {
        lock (_lock)
        {
            var end = time.GetUtcNow() + duration;
            _next = end > _next ? end : _next;
        }
    }
}
