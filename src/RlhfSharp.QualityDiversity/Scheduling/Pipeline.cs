namespace RlhfSharp.QualityDiversity.Scheduling;

/// <summary>Runs numbered units of work, several at a time, so that their speed never changes the result.</summary>
/// <remarks>With depth d, unit k is planned after units up to k − d were committed and before any later one is; commits are in the order of
/// numbers. So a plan sees the same state however long the work takes, and whoever repeats the commits repeats the plans.</remarks>
public static class Pipeline
{
    /// <summary>Runs units of work.</summary>
    /// <typeparam name="TPlan">What a unit will do, and all it needs for it.</typeparam>
    /// <typeparam name="TResult">What came out.</typeparam>
    /// <param name="units">How many; they have the numbers from 0.</param>
    /// <param name="depth">How many are under way at the same time, from 1.</param>
    /// <param name="plan">Plans a unit; called in order, never at the same time as <paramref name="commit"/>.</param>
    /// <param name="work">Carries out a plan; must depend on the plan alone.</param>
    /// <param name="commit">Takes a result in; called in order.</param>
    /// <param name="cancellationToken">Stops between units, and is handed to the work.</param>
    /// <returns>When all units are committed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; committed units stay committed.</exception>
    public static async Task RunAsync<TPlan, TResult>(
        int units,
        int depth,
        Func<int, TPlan> plan,
        Func<int, TPlan, CancellationToken, Task<TResult>> work,
        Action<int, TPlan, TResult> commit,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new Queue<(TPlan Plan, Task<TResult> Result)>();
        try
        {
            for (var committed = 0; committed < units; committed++)
            {
                while (committed + underWay.Count < units && underWay.Count < depth)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var unit = committed + underWay.Count;
                    var planned = plan(unit);
                    underWay.Enqueue((planned, work(unit, planned, stop.Token)));
                }
                var (oldest, task) = underWay.Peek();
                var result = await task.ConfigureAwait(false);
                underWay.Dequeue();
                commit(committed, oldest, result);
            }
        }
        finally
        {
            // One failed: the others' work is of no use any more, but must not go on unwatched.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(underWay.Select(unit => unit.Result)).ContinueWith(
                static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    /// <summary>Asks, evaluates and tells so many batches, with as many under way as the scheduler's pipeline depth says.</summary>
    /// <typeparam name="TSolution">What is searched for.</typeparam>
    /// <param name="scheduler">With no batch asked for and not told.</param>
    /// <param name="batches">How many.</param>
    /// <param name="evaluate">Finds out how good the solutions of a batch are.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>When all batches are told.</returns>
    /// <exception cref="InvalidOperationException">A batch was asked for and not told.</exception>
    public static Task RunAsync<TSolution>(
        Scheduler<TSolution> scheduler,
        int batches,
        Func<IReadOnlyList<TSolution>, CancellationToken, Task<Evaluation<TSolution>>> evaluate,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        if (scheduler.InFlight > 0)
        {
            throw new InvalidOperationException("A batch was asked for and not yet told. Tell it before running others.");
        }
        return RunAsync(
            batches,
            scheduler.PipelineDepth,
            _ => scheduler.AskAsync(cancellationToken),
            async (_, asked, stop) => await evaluate(await asked.ConfigureAwait(false), stop).ConfigureAwait(false),
            (_, _, evaluation) => scheduler.Tell(evaluation.Objectives, evaluation.Measures, evaluation.Solutions),
            cancellationToken);
    }
}
