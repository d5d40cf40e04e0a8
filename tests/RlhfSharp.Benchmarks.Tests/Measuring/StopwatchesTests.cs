using RlhfSharp.Benchmarks.Measuring;

namespace RlhfSharp.Benchmarks.Tests.Measuring;

public class StopwatchesTests
{
    [Fact]
    public void Alternate_TwoSides_RunsEachOnceUntimedAndThenInTurns()
    {
        var calls = new List<char>();

        var samples = Stopwatches.Alternate(TimeProvider.System, 2, () => calls.Add('a'), () => calls.Add('b'));

        Assert.Equal("ababab", string.Concat(calls));
        Assert.Equal([2, 2], samples.Select(side => side.Length));
    }

    [Fact]
    public void MedianSeconds_SomeRunsOnABusyMachine_LooksAtTheQuietOnes() =>
        Assert.Equal(2.5, Stopwatches.MedianSeconds([new(9, Others: 0.5), new(3, Others: 0), new(2, Others: 0.1), new(8, Others: 0.4)]));

    [Fact]
    public void MedianSeconds_AllRunsOnABusyMachine_LooksAtAll() =>
        Assert.Equal(4, Stopwatches.MedianSeconds([new(9, Others: 0.5), new(3, Others: 0.5), new(4, Others: 0.5)]));
}
