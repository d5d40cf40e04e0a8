using Polly;
using Polly.Retry;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>When a failed request is repeated: after failures that may pass, ever more slowly, and not before the server wants it.</summary>
internal static class RetryRule
{
    /// <summary>Beyond this a server that asks for a pause is not waited for: a day's quota is used up.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    /// <summary>Makes the rule; contexts are keyed by the request's id.</summary>
    public static ResiliencePipeline Create(int maxRetries, TimeProvider time, IEndpointObserver? observer)
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time };
        if (maxRetries > 0)
        {
            pipeline.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = maxRetries,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is EndpointFailure { IsTransient: true } failure && !(failure.RetryAfter > LongestPause)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    Delay(arguments.Context.OperationKey!, arguments.AttemptNumber, ((EndpointFailure)arguments.Outcome.Exception!).RetryAfter)),
                OnRetry = arguments =>
                {
                    observer?.OnRetry(arguments.Context.OperationKey!, arguments.Outcome.Exception!.Message, arguments.RetryDelay);
                    return default;
                },
            });
        }
        return pipeline.Build();
    }

    // 1, 2, 4, ... seconds, of which a random half is left off: requests that failed together do not come back together.
    private static TimeSpan Delay(string request, int attempt, TimeSpan? asked)
    {
        var backOff = TimeSpan.FromSeconds(Math.Min(LongestBackOff.TotalSeconds, Math.Pow(2, attempt)));
        var jittered = backOff * (1 - 0.5 * new NamedRandom(0, $"back-off/{request}", attempt).NextDouble());
        return asked is { } pause ? pause : jittered;
    }
}
