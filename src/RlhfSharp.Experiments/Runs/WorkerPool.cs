using System.Runtime.ExceptionServices;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Does pieces of work in a few threads at a time.</summary>
internal static class WorkerPool
{
    /// <summary>Does all the work. The first failure stops the rest and is thrown when every thread has come to an end.</summary>
    /// <param name="work">What is to be done, in the order in which it is begun.</param>
    /// <param name="workers">How many threads; a single one is the caller's own.</param>
    /// <param name="run">Does a piece.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <typeparam name="T">A piece of work.</typeparam>
    public static void Run<T>(IReadOnlyList<T> work, int workers, Action<T, CancellationToken> run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? failure = null;
        var begun = -1;
        void Work()
        {
            try
            {
                for (var next = Interlocked.Increment(ref begun); next < work.Count; next = Interlocked.Increment(ref begun))
                {
                    stop.Token.ThrowIfCancellationRequested();
                    run(work[next], stop.Token);
                }
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                stop.Cancel();
            }
        }
        var others = Enumerable.Range(1, workers - 1).Select(_ => new Thread(Work)).ToList();
        others.ForEach(thread => thread.Start());
        Work();
        others.ForEach(thread => thread.Join());
        failure?.Throw();
    }
}
