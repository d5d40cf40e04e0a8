using System.Globalization;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The charts of an iterated experiment's report. With several seeds, each point is the mean of one evaluation over seeds.</summary>
internal sealed class IterationCharts
{
    private const int RowsPerChart = 6;   // as many as there are colours
    private const int PointsOfLaw = 60;
    private const string Distance = "√KL from the start, in √nats";

    private readonly IReadOnlyList<IterationTrack> _tracks;
    private readonly IReadOnlyList<string> _ranked;
    private readonly ExperimentSummary _iterations;
    private readonly Dictionary<(string Row, int Iteration), List<MeanPoint>> _points;

    /// <param name="tracks">Each row with each seed.</param>
    /// <param name="ranked">The rows, the best first.</param>
    /// <param name="iterations">The numbers of <see cref="IterationTables.ByIteration"/>.</param>
    public IterationCharts(IReadOnlyList<IterationTrack> tracks, IReadOnlyList<string> ranked, ExperimentSummary iterations)
    {
        (_tracks, _ranked, _iterations) = (tracks, ranked, iterations);
        _points = tracks
            .SelectMany(track => track.Points.Select(point => (track.Row, Point: point)))
            .GroupBy(point => (point.Row, point.Point.Iteration))
            .ToDictionary(
                group => group.Key,
                group => group.GroupBy(point => point.Point.Step).OrderBy(step => step.Key).Select(step => MeanPoint.Of([.. step.Select(point => point.Point)])).ToList());
    }

    /// <summary>Gets what a reader must know to read the charts.</summary>
    public string Reading => "Curves of the last iteration, unless a chart says otherwise. KL says how far a policy went, not how well: methods spend it differently (policies that are trained far more than the best of n), so that rows "
        + "of different methods are better compared by gold against proxy. " + (Seeds > 1 ? $"Each point is a mean over {Seeds} seeds." : "One seed.");

    private int Seeds => _tracks.Select(track => track.Seed).Distinct().Count();

    /// <summary>Makes the charts that show rows side by side.</summary>
    public IReadOnlyList<CurveChart> AllRows() =>
    [
        .. Charts("Gold against distance", Distance, "gold", _ranked, row => Line(row, Last(row), point => point.Distance, point => point.Gold.Value)),
        .. Charts("Proxy against distance", Distance, "proxy", _ranked, row => Line(row, Last(row), point => point.Distance, point => point.Proxy.Value)),
        .. Charts("Gold against proxy", "proxy", "gold", _ranked, row => Line(row, Last(row), point => point.Proxy.Value, point => point.Gold.Value)),
        .. Charts("Gap between proxy and gold", Distance, "proxy − gold", _ranked, row => Line(row, Last(row), point => point.Distance, point => point.Gap.Value)),
        .. Charts("Gold against labels, at the end of each iteration", "gold labels", "gold", _ranked, ByLabels),
        .. Charts("Peak of gold in each iteration", "iteration", "gold at its peak", Iterated, row => ByIteration(row, "gold/peak")).Select(OverIterations),
        .. Charts("Gap at the end of each iteration", "iteration", "proxy − gold", Iterated, row => ByIteration(row, "gap/final")).Select(OverIterations),
    ];

    /// <summary>Makes a chart of gold and proxy for each row, with the law of its last iteration.</summary>
    public IReadOnlyList<CurveChart> EachRow() => [.. _ranked.Select(row => new CurveChart(
        row,
        Distance,
        "score",
        [.. Enumerable.Range(1, Iterations(row)).SelectMany(iteration => GoldAndProxy(row, iteration)), .. Law(row)]))];

    private List<string> Iterated => [.. _ranked.Where(row => Iterations(row) > 1)];

    private int Iterations(string row) => _tracks.Where(track => track.Row == row).Max(track => track.Iterations);

    private List<MeanPoint> Last(string row) => _points[(row, Iterations(row))];

    private static IEnumerable<CurveChart> Charts(string title, string x, string y, IReadOnlyList<string> rows, Func<string, CurveSeries> line)
    {
        var parts = rows.Chunk(RowsPerChart).ToList();
        return parts.Select((part, index) => new CurveChart(parts.Count == 1 ? title : $"{title}, rows {index * RowsPerChart + 1} to {index * RowsPerChart + part.Length}", x, y, [.. part.Select(line)]));
    }

    // In order of x, so that a line can be drawn.
    private static CurveSeries Line(string name, IEnumerable<MeanPoint> points, Func<MeanPoint, double> x, Func<MeanPoint, double> y, Func<MeanPoint, Interval>? band = null)
    {
        var ordered = points.OrderBy(x).ToList();
        return new CurveSeries(name, [.. ordered.Select(x)], [.. ordered.Select(y)], band is null ? null : [.. ordered.Select(band)]);
    }

    private CurveSeries ByLabels(string row)
    {
        var ends = Enumerable.Range(1, Iterations(row)).Select(iteration => _points[(row, iteration)][^1]).ToList();
        return new CurveSeries(row, [.. ends.Select(end => (double)end.Labels)], [.. ends.Select(end => end.Gold.Value)]);
    }

    private CurveSeries ByIteration(string row, string metric)
    {
        List<int> iterations = [.. Enumerable.Range(1, Iterations(row))];
        return new CurveSeries(
            row, [.. iterations.Select(iteration => iteration - 1.0)], [.. iterations.Select(iteration => _iterations.Metrics[ExperimentSummary.Key(metric, IterationTables.Name(row, iteration))])]);
    }

    private CurveChart OverIterations(CurveChart chart) => chart with { XNames = [.. Enumerable.Range(1, Iterated.Max(Iterations)).Select(iteration => iteration.ToString(CultureInfo.InvariantCulture))] };

    private IEnumerable<CurveSeries> GoldAndProxy(string row, int iteration)
    {
        var which = Iterations(row) > 1 ? $", iteration {iteration}" : string.Empty;
        var points = _points[(row, iteration)];
        return
        [
            Line($"gold{which}", points, point => point.Distance, point => point.Gold.Value, point => point.Gold.Interval!.Value),
            Line($"proxy{which}", points, point => point.Distance, point => point.Proxy.Value, point => point.Proxy.Interval!.Value),
        ];
    }

    // With the coefficients' means over seeds.
    private IEnumerable<CurveSeries> Law(string row)
    {
        var name = IterationTables.Name(row, Iterations(row));
        double? Read(string metric) => Headline.Read(_iterations, ExperimentSummary.Key(metric, name))?.Value;
        if (Read("fit/alpha") is not { } alpha || Read("fit/beta") is not { } beta)
        {
            return [];
        }
        var fit = new LawFit(_tracks.First(track => track.Row == row).Law, alpha, beta, 0);
        var farthest = Last(row).Max(point => point.Distance);
        double[] distances = [.. Enumerable.Range(0, PointsOfLaw + 1).Select(i => farthest * i / PointsOfLaw)];
        return [new CurveSeries($"law of gold{(Iterations(row) > 1 ? $", iteration {Iterations(row)}" : string.Empty)}", distances, [.. distances.Select(fit.At)])];
    }

    private sealed record MeanPoint(double Distance, int Labels, Estimate Gold, Estimate Proxy, Estimate Gap)
    {
        public static MeanPoint Of(IReadOnlyList<IterationPoint> seeds) => new(
            seeds.Average(point => point.Distance),
            seeds[0].Labels,
            Mean(seeds, point => point.Gold),
            Mean(seeds, point => point.Proxy),
            Mean(seeds, point => [.. point.Proxy.Zip(point.Gold, (proxy, gold) => proxy - gold)]));

        private static Estimate Mean(IReadOnlyList<IterationPoint> seeds, Func<IterationPoint, IReadOnlyList<double>> values)
        {
            double[] means = [.. seeds.Select(point => values(point).Average())];
            return new Estimate(means.Average(), means.Length > 1 ? Statistics.StudentT(means) : Statistics.ClusteredMean([.. values(seeds[0])], [.. seeds[0].Groups], seed: 0));
        }
    }
}
