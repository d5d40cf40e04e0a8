using Microsoft.Extensions.Time.Testing;
using Polly;
using RlhfSharp.Experiments.Endpoints;

namespace RlhfSharp.Experiments.Tests.Endpoints;

public sealed class RetryRuleTests
{
    [Fact]
    public async Task Execute_FailsAgainAndAgain_WaitsTwiceAsLongEachTimeLessUpToHalf()
    {
        var delays = await DelaysAsync("a", retries: 8);

        Assert.Equal(8, delays.Count);
        foreach (var (attempt, delay) in delays.Index())
        {
            var most = Math.Min(30, Math.Pow(2, attempt));   // 1, 2, 4, 8, 16, 30, 30, 30
            Assert.InRange(delay.TotalSeconds, most / 2, most);
        }
    }

    [Fact]
    public async Task Execute_OtherRequest_ComesBackAtAnotherTime() =>
        Assert.Empty((await DelaysAsync("a", retries: 5)).Intersect(await DelaysAsync("b", retries: 5)));

    private static async Task<List<TimeSpan>> DelaysAsync(string request, int retries)
    {
        var time = new FakeTimeProvider();
        var observer = new Observer();
        var context = ResilienceContextPool.Shared.Get(request, CancellationToken.None);
        var task = RetryRule.Create(retries, time, observer)
            .ExecuteAsync(_ => throw EndpointFailure.Of(new HttpRequestException("gone"), default)!, context).AsTask();
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await Assert.ThrowsAsync<EndpointFailure>(() => task);
        return observer.Delays;
    }

    private sealed class Observer : IEndpointObserver
    {
        public List<TimeSpan> Delays { get; } = [];

        public void OnStep(string step, int expected)
        {
        }

        public void OnAnswer(EndpointAnswer answer)
        {
        }

        public void OnRetry(string request, string reason, TimeSpan delay) => Delays.Add(delay);
    }
}
