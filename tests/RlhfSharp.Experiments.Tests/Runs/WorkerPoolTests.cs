using System.Collections.Concurrent;
using RlhfSharp.Experiments.Runs;

namespace RlhfSharp.Experiments.Tests.Runs;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_Pieces_DoesEachOnce(int workers)
    {
        var done = new ConcurrentBag<int>();

        WorkerPool.Run([.. Enumerable.Range(0, 20)], workers, (piece, _) => done.Add(piece), TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 20), done.Order());
    }

    [Fact]
    public void Run_APieceFails_StopsTheOthersAndThrowsTheFailure()
    {
        var stopped = 0;
        using var bothBegan = new Barrier(2);

        var thrown = Assert.Throws<InvalidDataException>(() => WorkerPool.Run(
            [0, 1, 2],
            2,
            (piece, cancellationToken) =>
            {
                bothBegan.SignalAndWait(cancellationToken);
                if (piece == 0)
                {
                    throw new InvalidDataException("the first");
                }
                cancellationToken.WaitHandle.WaitOne();
                Interlocked.Increment(ref stopped);
                cancellationToken.ThrowIfCancellationRequested();
            },
            TestContext.Current.CancellationToken));

        Assert.Equal("the first", thrown.Message);
        Assert.Equal(1, stopped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_PiecesThatNeedOthers_BeginsEachWhenThoseAreDone(int workers)
    {
        var done = new ConcurrentQueue<int>();
        bool IsReady(int piece) => piece < 3 || done.Contains(piece - 3);   // three chains

        WorkerPool.Run([.. Enumerable.Range(0, 30)], workers, IsReady, (piece, _) => done.Enqueue(piece), TestContext.Current.CancellationToken);

        var order = done.ToList();
        Assert.Equal(Enumerable.Range(0, 30), order.Order());
        Assert.All(Enumerable.Range(3, 27), piece => Assert.True(order.IndexOf(piece - 3) < order.IndexOf(piece)));
    }

    [Fact]
    public void Run_NothingIsReady_OthersWaitForWhatRuns()
    {
        using var hasFoundNothing = new ManualResetEventSlim();
        var (asked, isFirstDone, isSecondDone) = (0, false, false);

        WorkerPool.Run(
            [0, 1],
            2,
            piece =>
            {
                if (piece == 1 && Interlocked.Increment(ref asked) == 1)
                {
                    hasFoundNothing.Set();   // the second thread has found nothing, and waits
                }
                return piece == 0 || Volatile.Read(ref isFirstDone);
            },
            (piece, cancellationToken) =>
            {
                if (piece == 0)
                {
                    hasFoundNothing.Wait(cancellationToken);
                    Volatile.Write(ref isFirstDone, true);
                    return;
                }
                isSecondDone = true;
            },
            TestContext.Current.CancellationToken);

        Assert.True(isSecondDone);
    }

    [Fact]
    public void Run_APieceIsNeverReady_SaysSo() => Assert.Throws<InvalidOperationException>(
        () => WorkerPool.Run([0, 1], 2, piece => piece == 0, (_, _) => { }, TestContext.Current.CancellationToken));

    [Fact]
    public void Run_CancelledWhileOthersWait_Stops()
    {
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => WorkerPool.Run(
            [0, 1],
            2,
            piece => piece == 0,
            (_, cancellationToken) =>
            {
                stop.Cancel();
                cancellationToken.ThrowIfCancellationRequested();
            },
            stop.Token));
    }
}
