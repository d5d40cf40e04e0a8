using System.Globalization;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>How much a setting says about a trial's place among the trials.</summary>
/// <param name="Key">The setting.</param>
/// <param name="Share">The share of the variance of places that it explains, from 0 to 1; null where it does not vary.</param>
/// <param name="Correlation">Spearman's ρ of the setting and how good the trial is, for numbers; positive: more is better. Null for names.</param>
/// <param name="Chance">How often places dealt out at random explain at least as much.</param>
/// <param name="Best">For names, the one whose trials stand best on average; null for numbers.</param>
internal sealed record ParameterImportance(string Key, double? Share, double? Correlation, double Chance, string? Best)
{
    private const int Permutations = 2000;

    /// <summary>Measures a setting.</summary>
    /// <remarks>Numbers: ρ², the share that a rising or a falling relation explains. Names: H/(n − 1) of Kruskal and Wallis (1952), the share that lies between groups. The probability
    /// is that of a permutation test; it is not corrected for the number of settings.</remarks>
    /// <param name="key">The setting.</param>
    /// <param name="values">Its value in each trial.</param>
    /// <param name="places">Each trial's place; equal places stand for equally good trials, smaller ones are better.</param>
    public static ParameterImportance Of(string key, IReadOnlyList<string> values, IReadOnlyList<double> places)
    {
        if (values.Distinct().Count() < 2 || places.Distinct().Count() < 2)
        {
            return new ParameterImportance(key, null, null, 1, null);
        }
        var goodness = RankCorrelation.Ranks([.. places.Select(place => -place)]);
        var random = new NamedRandom(0, $"importance/{key}");
        if (Numbers(values) is { } numbers)
        {
            var correlation = RankCorrelation.Of(numbers, goodness);
            return new ParameterImportance(key, correlation * correlation, correlation, ChanceOf(goodness, random, dealt => Math.Pow(RankCorrelation.Of(numbers, dealt), 2)), null);
        }
        var best = values.Zip(goodness).GroupBy(pair => pair.First).MaxBy(group => group.Average(pair => pair.Second))!.Key;
        return new ParameterImportance(key, Between(values, goodness), null, ChanceOf(goodness, random, dealt => Between(values, dealt)), best);
    }

    /// <summary>Reads values as numbers; null where one is none.</summary>
    public static IReadOnlyList<double>? Numbers(IReadOnlyList<string> values)
    {
        var numbers = values.Select(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : (double?)null).ToList();
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }

    private static double Between(IReadOnlyList<string> values, IReadOnlyList<double> ranks)
    {
        var mean = ranks.Average();
        var between = values.Zip(ranks).GroupBy(pair => pair.First).Sum(group => group.Count() * Math.Pow(group.Average(pair => pair.Second) - mean, 2));
        return between / ranks.Sum(rank => (rank - mean) * (rank - mean));
    }

    private static double ChanceOf(double[] ranks, NamedRandom random, Func<double[], double> share)
    {
        var measured = share(ranks) - 1e-12;   // the same dealing again must count as the same
        var dealt = (double[])ranks.Clone();
        var asMuch = 0;
        for (var i = 0; i < Permutations; i++)
        {
            random.Shuffle(dealt.AsSpan());
            asMuch += share(dealt) >= measured ? 1 : 0;
        }
        return (1.0 + asMuch) / (1 + Permutations);
    }
}
