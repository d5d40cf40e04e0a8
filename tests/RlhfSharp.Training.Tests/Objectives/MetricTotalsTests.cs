using CsCheck;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives;

[NoTensorLeak]
public sealed class MetricTotalsTests
{
    // 1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9)/4 = 3.5 of the whole population.
    [Fact]
    public void ToHost_TwoParts_EqualsValuesWorkedOutByHand()
    {
        var metrics = Total([[1f, 2], [3, 6]]);
        Assert.Equal(["loss", "values/mean", "values/min", "values/max", "values/std"], metrics.Keys);
        Assert.Equal([3, 3, 1, 6, Math.Sqrt(3.5)], metrics.Values);
    }

    [Fact]
    public void ToHost_AnySplit_IsThatOfTheWhole() =>
        Gen.Select(Gen.Float[-10, 10].Array[2, 40], Gen.Int[1, 39]).Sample(
            t =>
            {
                var cut = Math.Min(t.Item2, t.Item1.Length - 1);
                var (whole, parts) = (Total([t.Item1]), Total([t.Item1[..cut], t.Item1[cut..]]));
                Assert.All(whole, metric => Assert.Equal(metric.Value, parts[metric.Key], 1e-12));
            },
            iter: 100,
            threads: 1);

    private static IReadOnlyDictionary<string, double> Total(float[][] parts)
    {
        using var scope = NewDisposeScope();
        var totals = new MetricTotals();
        foreach (var part in parts)
        {
            using var microScope = NewDisposeScope();
            var metrics = new ObjectiveMetrics();
            metrics.AddMean("loss", tensor(part));
            metrics.AddDistribution("values", tensor(part));
            totals.Add(metrics);
        }
        return totals.ToHost();
    }
}
