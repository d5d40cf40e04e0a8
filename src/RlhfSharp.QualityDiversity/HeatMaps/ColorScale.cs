using System.Globalization;

namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>The colours of heat maps: from dark blue over grey to yellow, brighter with every step, so that people who do not see some colours, and paper, show
/// the same order (after cividis: Nuñez, Anderton and Renslow 2018, https://doi.org/10.1371/journal.pone.0199239).</summary>
public static class ColorScale
{
    private static readonly (byte Red, byte Green, byte Blue)[] Anchors =
        [(0, 34, 78), (18, 53, 112), (59, 73, 108), (87, 93, 109), (112, 113, 115), (138, 134, 120), (165, 156, 116), (195, 179, 105), (225, 204, 85), (254, 232, 56)];

    // Two hues that people who do not see red or green tell apart, as light as each other on both sides of the middle.
    private static readonly (byte Red, byte Green, byte Blue)[] Diverging = [(0, 60, 112), (66, 135, 185), (172, 206, 225), (244, 243, 240), (243, 200, 150), (204, 130, 45), (122, 68, 0)];

    /// <summary>Finds the colour of a share of the scale; beyond the ends it stays the same.</summary>
    /// <param name="share">From 0, the darkest colour, to 1, the brightest.</param>
    /// <returns>Red, green and blue, 0 to 255 each.</returns>
    public static (byte Red, byte Green, byte Blue) At(double share) => Between(Anchors, share);

    /// <summary>Finds the colour for differences: blue below, brown above, nearly white where there is none.</summary>
    /// <param name="share">From 0, the lowest, over 0.5, no difference, to 1; beyond the ends it stays the same.</param>
    /// <returns>Red, green and blue, 0 to 255 each.</returns>
    public static (byte Red, byte Green, byte Blue) DivergingAt(double share) => Between(Diverging, share);

    /// <summary>Finds the colour of a share of the scale, as HTML writes it.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>A number sign and six digits.</returns>
    public static string HexAt(double share) => Hex(At(share));

    /// <summary>Finds the colour for differences, as HTML writes it.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>A number sign and six digits.</returns>
    public static string DivergingHexAt(double share) => Hex(DivergingAt(share));

    private static (byte Red, byte Green, byte Blue) Between((byte Red, byte Green, byte Blue)[] anchors, double share)
    {
        var position = Math.Clamp(share, 0, 1) * (anchors.Length - 1);
        var below = Math.Min((int)position, anchors.Length - 2);
        var (from, to, rest) = (anchors[below], anchors[below + 1], position - below);
        return (Mix(from.Red, to.Red, rest), Mix(from.Green, to.Green, rest), Mix(from.Blue, to.Blue, rest));
    }

    /// <summary>Says whether dark text reads better on a colour than white text (relative luminance of WCAG 2.2, where both contrast equally at 0.179).</summary>
    /// <param name="color">Red, green and blue.</param>
    /// <returns>Whether dark text reads better.</returns>
    public static bool WantsDarkText((byte Red, byte Green, byte Blue) color) =>
        0.2126 * Linear(color.Red) + 0.7152 * Linear(color.Green) + 0.0722 * Linear(color.Blue) > 0.179;

    internal static string Hex((byte Red, byte Green, byte Blue) color) =>
        string.Create(CultureInfo.InvariantCulture, $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}");

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + share * (to - from));

    private static double Linear(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
