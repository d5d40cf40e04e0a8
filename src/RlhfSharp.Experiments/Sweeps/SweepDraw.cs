using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Chooses the settings of trials.</summary>
internal static class SweepDraw
{
    /// <summary>Counts the trials of a sweep.</summary>
    public static int Count(SweepOptions sweep) =>
        sweep.Method == SweepMethod.Grid ? sweep.Parameters.Values.Aggregate(1, (product, parameter) => product * parameter.Values.Count) : sweep.Trials!.Value;

    /// <summary>Chooses the settings of one trial.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="trial">Index of the trial, from 0.</param>
    /// <returns>A value for each key, written as behind <c>--set</c>. Random: depends on the sweep's seed, the key and the index only. Grid: the last key changes fastest.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>> Settings(SweepOptions sweep, int trial)
    {
        if (sweep.Method != SweepMethod.Grid)
        {
            return [.. sweep.Parameters.Select(pair => KeyValuePair.Create(pair.Key, Draw(pair.Value, new NamedRandom(sweep.Seed, $"sweep/{pair.Key}", trial))))];
        }
        var settings = new Stack<KeyValuePair<string, string>>();
        foreach (var (key, parameter) in sweep.Parameters.Reverse())
        {
            settings.Push(KeyValuePair.Create(key, Text(parameter.Values[trial % parameter.Values.Count])));
            trial /= parameter.Values.Count;
        }
        return [.. settings];
    }

    /// <summary>Lists values that stand for all that may be drawn: each of a list, both ends of a range.</summary>
    public static IEnumerable<string> Extremes(SweepParameterOptions parameter) =>
        parameter.Values.Count > 0 ? parameter.Values.Select(Text) : parameter.Range.Select(PlainScalar.Write);

    private static string Draw(SweepParameterOptions parameter, NamedRandom random)
    {
        if (parameter.Values.Count > 0)
        {
            return Text(parameter.Values[random.Next(parameter.Values.Count)]);
        }
        var (low, high) = (parameter.Range[0], parameter.Range[1]);
        // A whole number stands for all numbers up to the next, so that both ends are as likely as the others.
        var end = parameter.Integer ? high + 1 : high;
        var share = random.NextDouble();
        var drawn = parameter.Scale == SweepScale.Log
            ? Math.Exp(Math.Log(low) + share * (Math.Log(end) - Math.Log(low)))
            : low + share * (end - low);
        var number = parameter.Integer ? Math.Floor(drawn) : Rounded(drawn);
        return PlainScalar.Write(Math.Clamp(number, low, high));
    }

    // Four digits are finer than any setting matters, and can be read.
    private static double Rounded(double value) => double.Parse(value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String && PlainScalar.IsSafeText(value.GetValue<string>()) ? value.GetValue<string>() : value.ToJsonString();
}
