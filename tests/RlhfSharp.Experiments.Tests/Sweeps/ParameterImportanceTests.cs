using System.Globalization;
using RlhfSharp.Experiments.Sweeps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Sweeps;

public sealed class ParameterImportanceTests
{
    [Fact]
    public void Of_NumbersThatOrderTheTrials_ExplainAllOfIt()
    {
        string[] rates = [.. Enumerable.Range(1, 12).Select(exponent => $"1e-{exponent}")];
        double[] places = [.. Enumerable.Range(0, 12).Select(place => (double)place)];   // the highest rate stands first

        var importance = ParameterImportance.Of("optimizer.learningRate", rates, places);

        Assert.Equal((1, 1), (importance.Share!.Value, importance.Correlation!.Value));
        Assert.InRange(importance.Chance, 0, 0.002);
    }

    // Ranks of goodness: a has 5 and 6, b 3 and 4, c 1 and 2, so between 2·(2² + 0 + 2²) = 16 of 17.5.
    [Fact]
    public void Of_Names_ExplainWhatLiesBetweenThem()
    {
        var importance = ParameterImportance.Of("data.reward", ["a", "a", "b", "b", "c", "c"], [0, 1, 2, 3, 4, 5]);

        Assert.Equal(16 / 17.5, importance.Share!.Value, 1e-12);
        Assert.Equal("a", importance.Best);
        Assert.Null(importance.Correlation);
        // Of the 90 ways to deal six places to three pairs 6 are as clear: one in 15.
        Assert.Equal(1 / 15.0, importance.Chance, 0.02);
    }

    [Fact]
    public void Of_WhatDoesNotVary_ExplainsNothing()
    {
        Assert.Null(ParameterImportance.Of("a", ["1", "1"], [0, 1]).Share);
        Assert.Null(ParameterImportance.Of("a", ["1", "2"], [0, 0]).Share);
    }

    // What has no effect is said to matter in one of 20 sweeps: 15 of 300, with a standard deviation of 3.8.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_SettingsWithoutEffect_MatterByChanceAsOftenAsTheySay(bool areNumbers)
    {
        var found = 0;
        for (var sweep = 0; sweep < 300; sweep++)
        {
            var random = new NamedRandom(sweep, "no-effect");
            string[] values = [.. Enumerable.Range(0, 12).Select(_ => areNumbers ? random.NextDouble().ToString("R", CultureInfo.InvariantCulture) : "abc"[random.Next(3)].ToString())];
            double[] places = [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble())];
            found += ParameterImportance.Of("x", values, places).Chance < 0.05 ? 1 : 0;
        }
        Assert.InRange(found, 4, 27);
    }
}
