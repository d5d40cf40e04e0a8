using RlhfSharp.Benchmarks.Measuring;

namespace RlhfSharp.Benchmarks.Tests.Measuring;

public class MachineLoadTests
{
    [Fact]
    public void ShareOfOthers_OneOfTwoProcessorsTakenByOthers_IsAHalf()
    {
        // Two processors for one second are 200 ticks: 100 of ours, 60 + 20 + 20 of others (user, nice, system), none idle.
        var before = MachineLoad.Parse("cpu  1000 10 100 5000 50 0 0 0 0 0", TimeSpan.FromSeconds(3));
        var after = MachineLoad.Parse("cpu  1160 30 120 5000 50 0 0 0 0 0", TimeSpan.FromSeconds(4));

        Assert.Equal(0.5, after.ShareOfOthers(before));
    }

    [Fact]
    public void ShareOfOthers_WaitingForADisk_IsIdle()
    {
        var before = MachineLoad.Parse("cpu  1000 0 0 5000 50 0 0 0 0 0", TimeSpan.Zero);
        var after = MachineLoad.Parse("cpu  1100 0 0 5050 100 0 0 0 0 0", TimeSpan.FromSeconds(1));

        Assert.Equal(0, after.ShareOfOthers(before));
    }

    [Fact]
    public void ShareOfOthers_NothingKnown_IsZero() => Assert.Equal(0, default(MachineLoad).ShareOfOthers(default));
}
