namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>Where everything of a heat map lies, in pixels.</summary>
internal sealed class HeatMapLayout
{
    public const double Top = 64;
    public const double ScaleWidth = 16;
    public const double FontSize = 13;

    private const double GuessedLetter = 7.2;   // a generous guess: browsers choose the font
    private const double LettersOfANumber = 6;  // narrower cells stay without text
    private const double LowCell = 32;          // in lower ones the count is left out

    public HeatMapLayout(HeatMap map, double width, double height, double letter = GuessedLetter)
    {
        (Width, Height) = (width, height);
        Left = 46 + letter * map.Vertical.Labels.Max(label => label.Length);
        ScaleLeft = width - 40 - letter * Math.Max(map.Text(map.Low).Length, map.Text(map.High).Length);
        (Right, Bottom) = (ScaleLeft - 24, height - 56);
        (CellWidth, CellHeight) = ((Right - Left) / map.Horizontal.Bins, (Bottom - Top) / map.Vertical.Bins);
        ShowsValues = CellWidth >= LettersOfANumber * letter && CellHeight >= LowCell / 2;
        ShowsCounts = CellWidth >= LettersOfANumber * letter && CellHeight >= LowCell;
        VerticalEvery = Every(map.Vertical.Labels.Count, Bottom - Top, 18);
        HorizontalEvery = Every(map.Horizontal.Labels.Count, Right - Left, 14 + letter * map.Horizontal.Labels.Max(label => label.Length));
    }

    public double Width { get; }

    public double Height { get; }

    public double Left { get; }

    public double Right { get; }

    public double Bottom { get; }

    public double ScaleLeft { get; }

    public double CellWidth { get; }

    public double CellHeight { get; }

    public bool ShowsValues { get; }

    public bool ShowsCounts { get; }

    /// <summary>Gets which of the labels fit: every one, every second, and so on.</summary>
    public int VerticalEvery { get; }

    public int HorizontalEvery { get; }

    public double X(double bin) => Left + bin * CellWidth;

    public double Y(double bin) => Top + bin * CellHeight;

    private static int Every(int labels, double room, double perLabel) => Math.Max(1, (int)Math.Ceiling(labels * perLabel / room));
}
