using CsCheck;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives.PolicyGradient;

/// <summary>Small formulas against numbers worked out from TRL's and OpenRLHF's.</summary>
[NoTensorLeak]
public sealed class AdvantageTests
{
    private static readonly double[] Rewards = [1, 0, 0.5, 2.5];

    [Fact]
    public void Compute_FourActions_EqualsPeers()
    {
        var estimates = GeneralizedAdvantages.Compute([-0.01, -0.02, 0, 1], [0.5, 0.4, 0.3, 0.2], gamma: 1, lambda: 0.95);

        Close([0.37165, 0.507, 0.66, 0.8], estimates.Advantages);
        Close([0.87165, 0.907, 0.96, 1.0], estimates.Returns);
        Close([-1.1470879, -0.4182182, 0.4056979, 1.1596082], Whitening.Apply([estimates.Advantages])[0]);
    }

    [Fact]   // with λ = 1 and γ = 1 an advantage is what still comes, less what was expected
    public void Compute_LambdaOne_IsTheRewardToGoLessTheValue() =>
        Gen.Select(Gen.Double[-3, 3].Array[1, 20], Gen.Int).Sample((rewards, seed) =>
        {
            var random = new Models.Runtime.NamedRandom(seed, "values");
            var values = Array.ConvertAll(rewards, _ => random.NextGaussian());
            var estimates = GeneralizedAdvantages.Compute(rewards, values, gamma: 1, lambda: 1);
            Close([.. rewards.Select((_, t) => rewards[t..].Sum() - values[t])], estimates.Advantages);
        });

    [Fact]
    public void LeaveOneOut_FourSamples_EqualsPeers() => Close([0, -4.0 / 3, -2.0 / 3, 2], GroupAdvantages.LeaveOneOut(Rewards));

    [Theory]
    [InlineData(AdvantageScale.Group, new[] { 0, -0.9257344, -0.4628672, 1.3886016 })]
    [InlineData(AdvantageScale.None, new[] { 0, -1, -0.5, 1.5 })]
    public void Relative_FourSamples_EqualsPeers(AdvantageScale scale, double[] expected) => Close(expected, GroupAdvantages.Relative([Rewards], scale)[0]);

    [Fact]   // the deviation of all eight is about 1.56, whatever group they are of
    public void Relative_ByTheBatch_DividesGroupsByOneNumber()
    {
        var advantages = GroupAdvantages.Relative([Rewards, [4, 4, 4, 0]], AdvantageScale.Batch);

        Assert.Equal(advantages[0][3] / 1.5, advantages[1][0] / 1, 1e-9);
    }

    [Theory]
    [InlineData(KlEstimator.K1, 0.5)]
    [InlineData(KlEstimator.K2, 0.125)]
    [InlineData(KlEstimator.K3, 0.1065307)]
    public void Estimate_OneToken_EqualsPeers(KlEstimator estimator, double expected) => Assert.Equal(expected, KlDivergence.Estimate(-1, -1.5, estimator), 1e-7);

    [Fact]
    public void Next_AboveTheTarget_RaisesTheWeight() => Assert.Equal(0.0102048, AdaptiveKl.Next(0.01, 9, 6, 1024, 10_000), 1e-9);

    [Theory]
    [InlineData(1.5, 1, -1.2)]
    [InlineData(1.5, -1, 1.5)]
    [InlineData(0.5, 1, -0.5)]
    [InlineData(0.5, -1, 0.8)]
    [InlineData(1.1, 2, -2.2)]
    public void Loss_OneToken_EqualsPeers(double ratio, double advantage, double expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, ClippedSurrogate.Loss(tensor(ratio), tensor(advantage), 0.2, 0.2).ToDouble(), 1e-12);
    }

    [Fact]   // the dead end of a broken policy: a ratio of e^1000 is no number
    public void Ratio_FarAway_IsFinite()
    {
        using var scope = NewDisposeScope();
        Assert.True(double.IsFinite(ClippedSurrogate.Ratio(tensor(0f), tensor(-1000f)).ToDouble()));
    }

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }
}
