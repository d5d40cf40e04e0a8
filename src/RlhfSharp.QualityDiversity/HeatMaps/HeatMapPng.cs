namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>Draws a heat map as PNG, for places that show no SVG. Letters are capitals of a small font of our own, so that pictures look the same everywhere.</summary>
public static class HeatMapPng
{
    private const int LargeText = 2;
    private const int SmallText = 1;
    private const int ScaleSteps = 256;

    /// <summary>Draws a map.</summary>
    /// <param name="map">What to draw.</param>
    /// <param name="width">Width in pixels, from 200.</param>
    /// <param name="height">Height in pixels, from 200.</param>
    /// <returns>The bytes of a PNG file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 200 pixels.</exception>
    public static byte[] Draw(HeatMap map, int width = 800, int height = 600)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 200);
        var layout = new HeatMapLayout(map, width, height, PixelFont.Advance * LargeText);
        var canvas = new Canvas(width, height);
        Cells(canvas, map, layout);
        Axes(canvas, map, layout);
        Scale(canvas, map, layout);
        return canvas.ToPng();
    }

    private static void Cells(Canvas canvas, HeatMap map, HeatMapLayout layout)
    {
        var gap = layout.ShowsValues ? 1 : 0;
        for (var row = 0; row < map.Vertical.Bins; row++)
        {
            for (var column = 0; column < map.Horizontal.Bins; column++)
            {
                var (left, top, right, bottom) = (layout.X(column), layout.Y(row), layout.X(column + 1) - gap, layout.Y(row + 1) - gap);
                if (map.Cells[row, column].Value is not { } value)
                {
                    canvas.Hatch(left, top, right, bottom);
                    continue;
                }
                var color = ColorScale.At((value - map.Low) / (map.High - map.Low));
                canvas.Fill(left, top, right, bottom, color);
                if (layout.ShowsValues)
                {
                    var ink = ColorScale.WantsDarkText(color) ? Ink : Paper;
                    Inside(canvas, map, layout, map.Cells[row, column], (left + right) / 2, (top + bottom) / 2, ink);
                }
            }
        }
    }

    private static void Inside(Canvas canvas, HeatMap map, HeatMapLayout layout, HeatMapCell cell, double x, double y, (byte, byte, byte) ink)
    {
        var hasCount = layout.ShowsCounts && cell.Count is not null;
        Centred(canvas, map.Text(cell.Value!.Value), x, hasCount ? y - 5 : y, LargeText, ink);
        if (hasCount)
        {
            Centred(canvas, $"N={cell.Count}", x, y + 9, SmallText, ink);
        }
    }

    private static void Axes(Canvas canvas, HeatMap map, HeatMapLayout layout)
    {
        for (var i = 0; i < map.Vertical.Labels.Count; i += layout.VerticalEvery)
        {
            var label = map.Vertical.Labels[i];
            Centred(canvas, label, layout.Left - 8 - TextWidth(label) / 2, layout.Y(i + (map.Vertical.AtBorders ? 0 : 0.5)), LargeText, Ink);
        }
        for (var i = 0; i < map.Horizontal.Labels.Count; i += layout.HorizontalEvery)
        {
            Centred(canvas, map.Horizontal.Labels[i], layout.X(i + (map.Horizontal.AtBorders ? 0 : 0.5)), layout.Bottom + 14, LargeText, Ink);
        }
        canvas.Text(map.Title, 8, 8, LargeText, Ink);
        canvas.Text(map.Vertical.Name, 8, HeatMapLayout.Top - 26, LargeText, Ink);
        Centred(canvas, map.Horizontal.Name, (layout.Left + layout.Right) / 2, layout.Bottom + 38, LargeText, Ink);
    }

    private static void Scale(Canvas canvas, HeatMap map, HeatMapLayout layout)
    {
        var step = (layout.Bottom - HeatMapLayout.Top) / ScaleSteps;
        for (var i = 0; i < ScaleSteps; i++)
        {
            var top = HeatMapLayout.Top + i * step;
            var color = ColorScale.At(1 - (i + 0.5) / ScaleSteps);
            canvas.Fill(layout.ScaleLeft, top, layout.ScaleLeft + HeatMapLayout.ScaleWidth, top + step + 1, color);
        }
        var right = layout.ScaleLeft + HeatMapLayout.ScaleWidth + 6;
        canvas.Text(map.Text(map.High), right, HeatMapLayout.Top, LargeText, Ink);
        canvas.Text(map.Text((map.Low + map.High) / 2), right, (HeatMapLayout.Top + layout.Bottom) / 2 - 7, LargeText, Ink);
        canvas.Text(map.Text(map.Low), right, layout.Bottom - 14, LargeText, Ink);
        canvas.Text(map.ValueName, layout.Width - 8 - TextWidth(map.ValueName), HeatMapLayout.Top - 26, LargeText, Ink);
    }

    private static (byte Red, byte Green, byte Blue) Ink => (0, 0, 0);

    private static (byte Red, byte Green, byte Blue) Paper => (255, 255, 255);

    private static double TextWidth(string text, int size = LargeText) => text.Length * PixelFont.Advance * size;

    private static void Centred(Canvas canvas, string text, double x, double y, int size, (byte, byte, byte) color) =>
        canvas.Text(text, x - TextWidth(text, size) / 2, y - PixelFont.Height * size / 2.0, size, color);
}
