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
}
