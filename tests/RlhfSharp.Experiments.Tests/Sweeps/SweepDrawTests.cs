using System.Globalization;
using CsCheck;
using RlhfSharp.Experiments.Sweeps;

namespace RlhfSharp.Experiments.Tests.Sweeps;

public sealed class SweepDrawTests
{
    private static readonly Gen<(double Low, double High)> Ranges =
        from low in Gen.Double[1e-6, 1e3]
        from factor in Gen.Double[1.001, 1e4]
        select (low, low * factor);

    [Fact]
    public void Settings_Range_LieWithinIt() => Gen.Select(Ranges, Gen.Enum<SweepScale>(), Gen.Int[0, 1000]).Sample((range, scale, trial) =>
    {
        var value = Number(Sweep(new SweepParameterOptions { Range = [range.Low, range.High], Scale = scale }), trial);
        Assert.InRange(value, range.Low, range.High);
    });

    [Fact]
    public void Settings_WholeNumbers_AreWholeAndReachBothEnds()
    {
        foreach (var scale in Enum.GetValues<SweepScale>())
        {
            var sweep = Sweep(new SweepParameterOptions { Range = [1, 8], Integer = true, Scale = scale });
            Assert.Equal(Enumerable.Range(1, 8), Enumerable.Range(0, 500).Select(trial => (int)Number(sweep, trial)).Distinct().Order());
        }
    }

    // Of four orders of magnitude each holds a quarter of the draws: 250 of 1,000, with a standard deviation of 14.
    [Fact]
    public void Settings_LogScale_OrdersOfMagnitudeAreAlike()
    {
        var sweep = Sweep(new SweepParameterOptions { Range = [1e-5, 1e-1], Scale = SweepScale.Log });
        var perPower = Enumerable.Range(0, 1000).CountBy(trial => Math.Floor(Math.Log10(Number(sweep, trial))));
        Assert.All(perPower.Where(power => power.Key < -1), power => Assert.InRange(power.Value, 190, 310));
    }

    [Fact]
    public void Settings_OfATrial_DependNeitherOnTheNumberOfTrialsNorOnOtherSettings()
    {
        var rate = new SweepParameterOptions { Range = [1e-5, 1e-1], Scale = SweepScale.Log };
        var few = Sweep(rate) with { Trials = 3 };
        var many = few with
        {
            Trials = 90,
            Parameters = new Dictionary<string, SweepParameterOptions> { ["objective.tau"] = new() { Range = [0, 1] }, ["optimizer.learningRate"] = rate },
        };
        for (var trial = 0; trial < 3; trial++)
        {
            Assert.Equal(SweepDraw.Settings(few, trial), SweepDraw.Settings(many, trial).Skip(1));
        }
        Assert.NotEqual(SweepDraw.Settings(few, 0), SweepDraw.Settings(few with { Seed = 1 }, 0));
        Assert.NotEqual(SweepDraw.Settings(few, 0), SweepDraw.Settings(few, 1));
    }

    [Fact]
    public void Settings_Grid_HasEveryCombinationOnceTheLastKeyFastest()
    {
        var grid = new SweepOptions
        {
            Method = SweepMethod.Grid,
            Metric = "m",
            Goal = SweepGoal.Minimize,
            Parameters = new OrderedDictionary<string, SweepParameterOptions> { ["a"] = new() { Values = [1, 2] }, ["b"] = new() { Values = ["x", true, 0.5] } },
        };

        Assert.Equal(6, SweepDraw.Count(grid));
        Assert.Equal(
            ["a=1 b=x", "a=1 b=true", "a=1 b=0.5", "a=2 b=x", "a=2 b=true", "a=2 b=0.5"],
            Enumerable.Range(0, 6).Select(trial => string.Join(' ', SweepDraw.Settings(grid, trial).Select(setting => $"{setting.Key}={setting.Value}"))));
    }

    private static SweepOptions Sweep(SweepParameterOptions rate) => new()
    {
        Method = SweepMethod.Random,
        Trials = 1000,
        Metric = "m",
        Goal = SweepGoal.Minimize,
        Parameters = new Dictionary<string, SweepParameterOptions> { ["optimizer.learningRate"] = rate },
    };

    private static double Number(SweepOptions sweep, int trial) => double.Parse(SweepDraw.Settings(sweep, trial)[0].Value, CultureInfo.InvariantCulture);
}
