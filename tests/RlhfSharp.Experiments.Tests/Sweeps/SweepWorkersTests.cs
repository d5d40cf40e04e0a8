using RlhfSharp.Experiments.Sweeps;

namespace RlhfSharp.Experiments.Tests.Sweeps;

public sealed class SweepWorkersTests
{
    private const long Gigabyte = 1_000_000_000;

    // Each needs 1.5 GB for an estimate of 1 GB, and 0.4 GB besides.
    [Theory]
    [InlineData(1, 2, true, 24, 2)]
    [InlineData(1, 16, true, 8, 4)]
    [InlineData(50, 16, true, 8, 1)]
    [InlineData(0, 128, true, 1000, 64)]
    [InlineData(1, 16, false, 100, 1)]
    public void Fit_MemoryAndThreads_BothLimit(long peak, int threads, bool isCpu, long memory, int expected) =>
        Assert.Equal(expected, SweepWorkers.Fit(peak * Gigabyte, threads, isCpu, memory * Gigabyte));
}
