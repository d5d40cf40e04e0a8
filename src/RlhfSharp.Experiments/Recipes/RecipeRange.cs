using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Says in words what a range allows.</summary>
internal static class RecipeRange
{
    public static string Describe(RangeAttribute range)
    {
        var (low, high) = (Bound(range.Minimum), Bound(range.Maximum));
        var from = low is null ? null : range.MinimumIsExclusive ? $"above {low}" : $"from {low}";
        var to = high is null ? "up" : range.MaximumIsExclusive ? $"up to, not including, {high}" : $"to {high}";
        return from is null ? $"at most {high}" : $"a number {from} {to}";
    }

    /// <summary>Gives a bound as text; null where it is no bound at all.</summary>
    public static string? Bound(object bound) => bound switch
    {
        double.MaxValue or double.MinValue or int.MaxValue or int.MinValue => null,
        _ => Convert.ToString(bound, CultureInfo.InvariantCulture),
    };
}
