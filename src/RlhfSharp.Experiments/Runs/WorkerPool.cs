using System.Runtime.ExceptionServices;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Does pieces of work in a few threads at a time.</summary>
internal static class WorkerPool
{
    /// <summary>Does all the work, in any order.</summary>
    /// <param name="work">What is to be done, in the order in which it is begun.</param>
    /// <param name="workers">How many threads; a single one is the caller's own.</param>
    /// <param name="run">Does a piece.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <typeparam name="T">A piece of work.</typeparam>
    public static void Run<T>(IReadOnlyList<T> work, int workers, Action<T, CancellationToken> run, CancellationToken cancellationToken) =>
        Run(work, workers, _ => true, run, cancellationToken);

    /// <summary>Does all the work, where some pieces need others to be done. The first failure stops the rest and is thrown when every thread has come to an end.</summary>
    /// <param name="work">What is to be done. Of what is ready the first is begun; every piece stands behind those that it needs.</param>
    /// <param name="workers">How many threads; a single one is the caller's own.</param>
    /// <param name="isReady">Says whether all that a piece needs is done. Asked by one thread at a time.</param>
    /// <param name="run">Does a piece.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <typeparam name="T">A piece of work.</typeparam>
    /// <exception cref="InvalidOperationException">Nothing of what is left will ever be ready.</exception>
    public static void Run<T>(IReadOnlyList<T> work, int workers, Func<T, bool> isReady, Action<T, CancellationToken> run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = new LinkedList<T>(work);
        var state = new object();   // guards what is waiting and how much is running
        var running = 0;
        ExceptionDispatchInfo? failure = null;
        using var wake = stop.Token.Register(() =>
        {
            lock (state)
            {
                Monitor.PulseAll(state);
            }
        });
        void Work()
        {
            try
            {
                while (Take() is { } piece)
                {
                    run(piece.Value, stop.Token);
                    Done();
                }
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                stop.Cancel();
            }
        }
        LinkedListNode<T>? Take()
        {
            lock (state)
            {
                while (true)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    for (var node = waiting.First; node is not null; node = node.Next)
                    {
                        if (isReady(node.Value))
                        {
                            waiting.Remove(node);
                            running++;
                            return node;
                        }
                    }
                    if (waiting.Count == 0)
                    {
                        return null;
                    }
                    if (running == 0)
                    {
                        throw new InvalidOperationException($"{waiting.Count} pieces of work wait for something that is not among them.");
                    }
                    Monitor.Wait(state);
                }
            }
        }
        void Done()
        {
            lock (state)
            {
                running--;
                Monitor.PulseAll(state);
            }
        }
        var others = Enumerable.Range(1, workers - 1).Select(_ => new Thread(Work)).ToList();
        others.ForEach(thread => thread.Start());
        Work();
        others.ForEach(thread => thread.Join());
        failure?.Throw();
    }
}
