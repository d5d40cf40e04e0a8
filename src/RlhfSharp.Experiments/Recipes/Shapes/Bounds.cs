using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>The ends of a range; null where the number's type ends first.</summary>
internal sealed record Bounds(double? Minimum, double? Maximum, bool MinimumIsExclusive, bool MaximumIsExclusive)
{
    public static Bounds Of(RangeAttribute range, Type type)
    {
        var low = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
        var high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        var (lowest, highest) = type == typeof(int) ? (int.MinValue, int.MaxValue)
            : type == typeof(long) ? ((double)long.MinValue, (double)long.MaxValue)
            : (double.MinValue, double.MaxValue);
        return new Bounds(low <= lowest ? null : low, high >= highest ? null : high, range.MinimumIsExclusive, range.MaximumIsExclusive);
    }

    // A range excludes infinity: no setting with a range means anything by it.
    public bool Contain(object value)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return double.IsFinite(number)
            && (Minimum is not { } low || (MinimumIsExclusive ? number > low : number >= low))
            && (Maximum is not { } high || (MaximumIsExclusive ? number < high : number <= high));
    }
}
