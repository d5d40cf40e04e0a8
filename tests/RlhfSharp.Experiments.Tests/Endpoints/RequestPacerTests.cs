using Microsoft.Extensions.Time.Testing;
using RlhfSharp.Experiments.Endpoints;

namespace RlhfSharp.Experiments.Tests.Endpoints;

public sealed class RequestPacerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Wait_ThirtyPerMinute_BeginsEveryTwoSeconds()
    {
        var pacer = new RequestPacer(30, _time);
        var waits = Enumerable.Range(0, 4).Select(_ => pacer.WaitAsync(CancellationToken.None)).ToList();

        Assert.Equal([true, false, false, false], waits.Select(wait => wait.IsCompleted));
        foreach (var begun in Enumerable.Range(2, 3))
        {
            _time.Advance(TimeSpan.FromSeconds(1.999));
            Assert.Equal(begun - 1, waits.Count(wait => wait.IsCompleted));
            _time.Advance(TimeSpan.FromSeconds(0.001));
            await waits[begun - 1];
        }
    }

    [Fact]
    public void Wait_AfterASilence_DoesNotMakeUpForIt()
    {
        var pacer = new RequestPacer(60, _time);
        Assert.True(pacer.WaitAsync(CancellationToken.None).IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(pacer.WaitAsync(CancellationToken.None).IsCompleted);
        Assert.False(pacer.WaitAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Wait_NoLimit_WaitsForPausesOnly()
    {
        var pacer = new RequestPacer(0, _time);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(pacer.WaitAsync(CancellationToken.None).IsCompleted));

        pacer.Pause(TimeSpan.FromSeconds(10));
        pacer.Pause(TimeSpan.FromSeconds(3));

        var wait = pacer.WaitAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await wait;
    }

    [Fact]
    public async Task Wait_Cancelled_Stops()
    {
        var pacer = new RequestPacer(1, _time);
        await pacer.WaitAsync(CancellationToken.None);
        using var source = new CancellationTokenSource();
        var wait = pacer.WaitAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
