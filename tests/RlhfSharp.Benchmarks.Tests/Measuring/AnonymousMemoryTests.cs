using RlhfSharp.Benchmarks.Measuring;

namespace RlhfSharp.Benchmarks.Tests.Measuring;

public class AnonymousMemoryTests
{
    [Fact]
    public void Peak_KernelsLines_IsTheHighWaterMarkWithoutFiles()
    {
        string[] lines = ["VmPeak:\t 9000 kB", "VmHWM:\t    5000 kB", "RssAnon:\t    3000 kB", "RssFile:\t    1200 kB", "RssShmem:\t     100 kB"];

        Assert.Equal(3700 * 1024, AnonymousMemory.Peak(lines));
    }

    [Fact]
    public void Peak_AfterMemoryWasTakenAndGivenBack_StillCountsIt()
    {
        Assert.SkipUnless(AnonymousMemory.IsKnown, "The system keeps no high-water mark in /proc.");
        AnonymousMemory.Reset();
        var before = AnonymousMemory.Peak();
        const int Taken = 64_000_000;

        using (TorchSharp.torch.ones(Taken / sizeof(float)))
        {
        }

        Assert.InRange(AnonymousMemory.Peak() - before, Taken * 9L / 10, Taken * 3L);
    }
}
