namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>One search's fit of reward = mean + one number per label of each axis (+ slope · log length).</summary>
internal sealed class AdditiveFit
{
    private readonly ClusteredRegression _fit;
    private readonly List<(int Axis, int Bin)> _columns;
    private readonly Dictionary<(int Axis, int Bin), double> _lines;

    private AdditiveFit(ClusteredRegression fit, List<(int Axis, int Bin)> columns, Dictionary<(int Axis, int Bin), double> lines, double largest) =>
        (_fit, _columns, _lines, Largest) = (fit, columns, lines, largest);

    /// <summary>Gets the size of the largest reward.</summary>
    public double Largest { get; }

    /// <summary>Gets what a text of twice the length earns more, and its standard error; null where length is no part of the fit.</summary>
    public FitEstimate? PerDoubling
    {
        get
        {
            var weights = new double[_fit.Coefficients.Length];
            weights[^1] = Math.Log(2);
            return weights.Length > 1 + _columns.Count ? _fit.Estimate(weights) : null;
        }
    }

    /// <summary>Fits.</summary>
    /// <param name="seed">The search.</param>
    /// <param name="isLengthEqual">Whether length is held equal.</param>
    /// <returns>Null where labels never vary independently of each other.</returns>
    public static AdditiveFit? Of(MapSummary seed, bool isLengthEqual)
    {
        var design = MapDesign.Of(seed);
        var (rewards, lines) = (design.Rewards, design.Lines);
        var fit = ClusteredRegression.Fit(design.Rows(isLengthEqual), rewards, lines);
        var linesOf = design.Bins.SelectMany((row, text) => row.Select((bin, axis) => (Label: (axis, bin), Line: lines[text])))
            .GroupBy(one => one.Label, one => one.Line).ToDictionary(label => label.Key, label => seed.IndependentTexts(label));
        return fit is null ? null : new AdditiveFit(fit, [.. design.Columns], linesOf, rewards.Max(Math.Abs));
    }

    /// <summary>Tells whether a label occurs in so many lines of descent.</summary>
    public bool Has(int axis, int bin, int lines) => _lines.GetValueOrDefault((axis, bin)) >= lines;

    /// <summary>Estimates a weighted sum of what labels of an axis are worth.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="terms">Labels and weights; the weights sum to 0, for what labels are worth is only known against each other.</param>
    public FitEstimate Estimate(int axis, IEnumerable<(int Bin, double Weight)> terms)
    {
        var weights = new double[_fit.Coefficients.Length];
        foreach (var (bin, weight) in terms)
        {
            if (_columns.IndexOf((axis, bin)) is >= 0 and var column)
            {
                weights[column + 1] = weight;
            }
        }
        return _fit.Estimate(weights);
    }
}
