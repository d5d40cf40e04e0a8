namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>Draws a heat map as SVG: text stays text, and the same map gives the same bytes everywhere.</summary>
/// <remarks>Values and, below them, the numbers of evaluations stand in the cells where there is room. Empty cells are hatched. All text is escaped.</remarks>
public static class HeatMapSvg
{
    private const int ScaleSteps = 64;

    /// <summary>Draws a map.</summary>
    /// <param name="map">What to draw.</param>
    /// <param name="width">Width in pixels, from 200.</param>
    /// <param name="height">Height in pixels, from 200.</param>
    /// <returns>A whole SVG document.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 200 pixels.</exception>
    public static string Draw(HeatMap map, int width = 800, int height = 600)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 200);
        var layout = new HeatMapLayout(map, width, height);
        var svg = new SvgDocument(map.Title, width, height, layout.Left);
        svg.DefineHatch();
        Cells(svg, map, layout);
        Axes(svg, map, layout);
        Scale(svg, map, layout);
        return svg.Finish();
    }

    private static void Cells(SvgDocument svg, HeatMap map, HeatMapLayout layout)
    {
        for (var row = 0; row < map.Vertical.Bins; row++)
        {
            for (var column = 0; column < map.Horizontal.Bins; column++)
            {
                var cell = map.Cells[row, column];
                var color = cell.Value is { } value ? ColorScale.At((value - map.Low) / (map.High - map.Low)) : default;
                var fill = cell.Value is null ? "url(#empty)" : ColorScale.Hex(color);
                var gap = layout.ShowsValues ? "1" : "0.25";
                svg.Rectangle(layout.X(column), layout.Y(row), layout.CellWidth, layout.CellHeight, $"fill=\"{fill}\" stroke=\"#fff\" stroke-width=\"{gap}\"");
                if (layout.ShowsValues)
                {
                    var ink = cell.Value is null || ColorScale.WantsDarkText(color) ? "#000" : "#fff";
                    Inside(svg, map, layout, cell, layout.X(column + 0.5), layout.Y(row + 0.5), ink);
                }
            }
        }
    }

    private static void Inside(SvgDocument svg, HeatMap map, HeatMapLayout layout, HeatMapCell cell, double x, double y, string ink)
    {
        var hasCount = layout.ShowsCounts && cell.Count is not null;
        if (cell.Value is { } value)
        {
            svg.Text(map.Text(value), x, hasCount ? y - 2 : y + 4, $"text-anchor=\"middle\" fill=\"{ink}\"");
        }
        if (hasCount)
        {
            svg.Text($"N={cell.Count}", x, cell.Value is null ? y + 4 : y + 13, $"text-anchor=\"middle\" fill=\"{ink}\" font-size=\"10\"");
        }
    }

    private static void Axes(SvgDocument svg, HeatMap map, HeatMapLayout layout)
    {
        for (var i = 0; i < map.Vertical.Labels.Count; i += layout.VerticalEvery)
        {
            svg.Text(map.Vertical.Labels[i], layout.Left - 8, layout.Y(i + (map.Vertical.AtBorders ? 0 : 0.5)) + 4, "text-anchor=\"end\"");
        }
        for (var i = 0; i < map.Horizontal.Labels.Count; i += layout.HorizontalEvery)
        {
            svg.Text(map.Horizontal.Labels[i], layout.X(i + (map.Horizontal.AtBorders ? 0 : 0.5)), layout.Bottom + 18, "text-anchor=\"middle\"");
        }
        // The vertical axis' name stands above it: rotated text is hard to read.
        svg.Text(map.Vertical.Name, 8, HeatMapLayout.Top - 14, "font-style=\"italic\"");
        svg.Text(map.Horizontal.Name, (layout.Left + layout.Right) / 2, layout.Bottom + 40, "text-anchor=\"middle\" font-style=\"italic\"");
    }

    private static void Scale(SvgDocument svg, HeatMap map, HeatMapLayout layout)
    {
        var step = (layout.Bottom - HeatMapLayout.Top) / ScaleSteps;
        for (var i = 0; i < ScaleSteps; i++)
        {
            var color = ColorScale.Hex(ColorScale.At(1 - (i + 0.5) / ScaleSteps));
            svg.Rectangle(layout.ScaleLeft, HeatMapLayout.Top + i * step, HeatMapLayout.ScaleWidth, step + 0.5, $"fill=\"{color}\"");
        }
        var right = layout.ScaleLeft + HeatMapLayout.ScaleWidth + 6;
        svg.Text(map.Text(map.High), right, HeatMapLayout.Top + 8, string.Empty);
        svg.Text(map.Text((map.Low + map.High) / 2), right, (HeatMapLayout.Top + layout.Bottom) / 2 + 4, string.Empty);
        svg.Text(map.Text(map.Low), right, layout.Bottom, string.Empty);
        svg.Text(map.ValueName, layout.Width - 8, HeatMapLayout.Top - 14, "text-anchor=\"end\" font-style=\"italic\"");
    }
}
