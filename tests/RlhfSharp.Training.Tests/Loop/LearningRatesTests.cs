using RlhfSharp.Training.Loop;

namespace RlhfSharp.Training.Tests.Loop;

public sealed class LearningRatesTests
{
    // Highest rate 8. Warm-up of 3: 1/4, 2/4, 3/4 of it. Then, over the 4 steps that are left, progress 0, 1/4, 2/4, 3/4;
    // a cosine falls by (1 + cos(π·progress))/2: 1, 0.853553, 0.5, 0.146447. A final rate of 1/2 keeps half of it.
    [Theory]
    [InlineData(LearningRateSchedule.Constant, 0.5, new[] { 2, 4, 6, 8, 8, 8, 8.0 })]
    [InlineData(LearningRateSchedule.Linear, 0, new[] { 2, 4, 6, 8, 6, 4, 2.0 })]
    [InlineData(LearningRateSchedule.Linear, 0.5, new[] { 2, 4, 6, 8, 7, 6, 5.0 })]
    [InlineData(LearningRateSchedule.Cosine, 0, new[] { 2, 4, 6, 8, 6.828427, 4, 1.171573 })]
    [InlineData(LearningRateSchedule.Cosine, 0.5, new[] { 2, 4, 6, 8, 7.414214, 6, 4.585786 })]
    [InlineData(LearningRateSchedule.WarmupStableDecay, 0, new[] { 2, 4, 6, 8, 8, 8, 4.0 })]
    [InlineData(LearningRateSchedule.WarmupStableDecay, 0.5, new[] { 2, 4, 6, 8, 8, 8, 6.0 })]
    public void At_SevenSteps_EqualsValuesWorkedOutByHand(LearningRateSchedule schedule, double finalRate, double[] expected)
    {
        var rates = new LearningRates(new OptimizerOptions { LearningRate = 8, WarmupSteps = 3, Schedule = schedule, FinalRate = finalRate, DecayShare = 0.5 },
            totalSteps: 7);
        Assert.All(expected.Index(), step => Assert.Equal(step.Item, rates.At(step.Index + 1), 1e-6));
    }

    [Fact]
    public void At_NoWarmup_StartsAtTheHighestRate() =>
        Assert.Equal(3, new LearningRates(new OptimizerOptions { LearningRate = 3, Schedule = LearningRateSchedule.Linear }, 10).At(1));

    [Fact]
    public void At_WarmupLongerThanTheRun_NeverReachesTheHighestRate()
    {
        var rates = new LearningRates(new OptimizerOptions { LearningRate = 3, WarmupSteps = 100, Schedule = LearningRateSchedule.Cosine },
            totalSteps: 10);
        Assert.Equal(3.0 * 10 / 101, rates.At(10), 1e-12);
    }
}
