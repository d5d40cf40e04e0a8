using System.Globalization;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Numbers as they are printed: with a real minus sign, and words for what is not a number.</summary>
internal static class NumberText
{
    public static string Fixed(double value, int decimals)
    {
        var text = value switch
        {
            double.NaN => "NaN",
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "-∞",
            _ => value.ToString($"F{decimals}", CultureInfo.InvariantCulture),
        };
        // What rounds to zero has no sign.
        return text.StartsWith('-') && text.AsSpan(1).ContainsAnyExcept("0.") ? $"−{text[1..]}" : text.TrimStart('-');
    }

    public static string Interval(Training.Metrics.Interval interval, int decimals) =>
        $"[{Fixed(interval.Low, decimals)}, {Fixed(interval.High, decimals)}]";

    /// <summary>A coordinate of an SVG: a tenth of a pixel is finer than any eye, and the file stays small.</summary>
    public static string Coordinate(double pixels) => Math.Round(pixels, 1).ToString("0.#", CultureInfo.InvariantCulture);
}
