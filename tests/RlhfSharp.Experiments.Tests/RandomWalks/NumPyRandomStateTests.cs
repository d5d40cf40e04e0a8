using RlhfSharp.Experiments.RandomWalks;

namespace RlhfSharp.Experiments.Tests.RandomWalks;

public sealed class NumPyRandomStateTests
{
    // The C++ standard ([rand.predef]) fixes the 10,000th number of mt19937 with its default seed 5489.
    [Fact]
    public void NextUInt32_DefaultSeed_TenThousandthNumberIsTheStandards()
    {
        var random = new NumPyRandomState(5489);
        for (var i = 1; i < 10_000; i++)
        {
            random.NextUInt32();
        }
        Assert.Equal(4123659995u, random.NextUInt32());
    }

    [Fact]
    public void NextDouble_Seed0_EqualsNumPysRand()
    {
        var random = new NumPyRandomState(0);
        Assert.Equal(
            [0.5488135039273248, 0.7151893663724195, 0.6027633760716439],
            [random.NextDouble(), random.NextDouble(), random.NextDouble()]);
    }

    [Fact]
    public void Choice_SingleItem_DrawsNothing()
    {
        var (random, other) = (new NumPyRandomState(7), new NumPyRandomState(7));
        Assert.Equal("only", random.Choice(["only"]));
        Assert.Equal(other.NextUInt32(), random.NextUInt32());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Next_NoNumberBelow_IsRefused(int exclusiveMaximum) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumPyRandomState(1).Next(exclusiveMaximum));
}
