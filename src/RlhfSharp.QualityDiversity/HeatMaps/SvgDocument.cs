using System.Globalization;
using System.Text;

namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>Writes a drawing as SVG: text stays text and is escaped, and the same drawing gives the same bytes everywhere.</summary>
internal sealed class SvgDocument
{
    private readonly StringBuilder _svg = new();

    public SvgDocument(string title, int width, int height, double titleLeft)
    {
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\"");
        Line($"  font-family=\"sans-serif\" font-size=\"{HeatMapLayout.FontSize}\">");
        Line($"<title>{Escape(title)}</title>");
        Line($"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
        Text(title, titleLeft, 24, "font-size=\"16\" font-weight=\"bold\"");
    }

    /// <summary>Defines the filling <c>url(#empty)</c>.</summary>
    public void DefineHatch()
    {
        Line($"<defs><pattern id=\"empty\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">");
        Line($"<rect width=\"6\" height=\"6\" fill=\"#fff\"/><path d=\"M0 0V6\" stroke=\"#bbb\" stroke-width=\"2\"/></pattern></defs>");
    }

    public void Rectangle(double x, double y, double width, double height, string attributes) =>
        Line($"<rect x=\"{P(x)}\" y=\"{P(y)}\" width=\"{P(width)}\" height=\"{P(height)}\" {attributes}/>");

    public void Text(string text, double x, double y, string attributes) => Line($"<text x=\"{P(x)}\" y=\"{P(y)}\" {attributes}>{Escape(text)}</text>");

    public void Path(double fromX, double fromY, double toX, double toY, string attributes) => Line($"<path d=\"M{P(fromX)} {P(fromY)}L{P(toX)} {P(toY)}\" {attributes}/>");

    public void Dot(double x, double y, double radius, string attributes) => Line($"<circle cx=\"{P(x)}\" cy=\"{P(y)}\" r=\"{P(radius)}\" {attributes}/>");

    public string Finish() => _svg.Append("</svg>\n").ToString();

    private void Line(FormattableString line) => _svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    // A tenth of a pixel is finer than any eye, and the file stays small.
    private static string P(double pixels) => Math.Round(pixels, 1).ToString("0.#", CultureInfo.InvariantCulture);

    // Control characters are not allowed in XML at all.
    private static string Escape(string text) => new StringBuilder(text.Length).AppendJoin(string.Empty, text.EnumerateRunes()
        .Where(rune => rune.Value is >= 0x20 or '\t' or '\n' && rune.Value is not (0xFFFE or 0xFFFF))
        .Select(rune => rune.Value switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '"' => "&quot;", _ => rune.ToString() })).ToString();
}
