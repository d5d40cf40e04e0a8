using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.HeatMaps;
using RlhfSharp.QualityDiversity.Intervals;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The figures of a search, for its report, for papers and for the terminal: the maps on one scale, and the mean reward by label.</summary>
/// <param name="Maps">By the name of their files: lower bounds first. None where there are more axes than a picture has.</param>
/// <param name="Marginals">By the name of their files, one per axis on which any text was placed.</param>
internal sealed record MapFigures(IReadOnlyList<(string Name, HeatMap Map)> Maps, IReadOnlyList<(string Name, IntervalPlot Plot)> Marginals)
{
    /// <summary>The file of the map of lower bounds.</summary>
    public const string PictureName = "map.svg";

    /// <summary>Makes the figures.</summary>
    public static MapFigures Of(MapSummary summary) => new(
        OnOneScale(MapsOf(summary), isDifference: summary.Recipe.Contrast is not null),
        [.. MarginalPlots.Of(summary, summary.Metrics, summary.Intervals).Select(figure => ($"marginal-{figure.Axis}", figure.Plot))]);

    /// <summary>Writes each as SVG and as PNG.</summary>
    public void Write(string folder)
    {
        foreach (var (name, map) in Maps)
        {
            Write(folder, name, HeatMapSvg.Draw(map), HeatMapPng.Draw(map));
        }
        foreach (var (name, plot) in Marginals)
        {
            Write(folder, name, IntervalPlotSvg.Draw(plot), IntervalPlotPng.Draw(plot));
        }
    }

    private static void Write(string folder, string name, string svg, byte[] png)
    {
        AtomicFile.WriteAllText(Path.Combine(folder, $"{name}.svg"), svg);
        AtomicFile.Write(Path.Combine(folder, $"{name}.png"), stream => stream.Write(png));
    }

    /// <summary>Makes the map of lower bounds; null where there are more axes than a picture has.</summary>
    public static HeatMap? Bounds(MapSummary summary) => summary.State.Axes.Count > 2 ? null
        : HeatMap.Of(
            summary.State.Archive,
            $"{summary.Recipe.Name}: {(summary.Recipe.Contrast is null ? "highest reward found" : "largest difference of ranks found")}",
            ValueName(summary.Recipe),
            [.. summary.State.Ledger.Cells.Select(cell => cell.Count)]);

    /// <summary>Says what the numbers of a map are.</summary>
    public static string ValueName(MapRecipe recipe) => recipe.Contrast is { } contrast ? $"rank by {contrast.First} − rank by {contrast.Second}" : recipe.Rewards[0].Name;

    private static List<(string Name, HeatMap Map)> MapsOf(MapSummary summary)
    {
        var (cells, k, name) = (summary.State.Ledger.Cells, summary.Recipe.BestOf, summary.Recipe.Name);
        if (Bounds(summary) is not { } bounds)
        {
            return [];
        }
        HeatMap Map(string title, Func<int, double?> value, Func<int, int>? count = null)
        {
            var values = new HeatMapCell[bounds.Vertical.Bins, bounds.Horizontal.Bins];
            for (var cell = 0; cell < cells.Count; cell++)
            {
                values[cell / bounds.Horizontal.Bins, cell % bounds.Horizontal.Bins] = new HeatMapCell(value(cell), count?.Invoke(cell) ?? cells[cell].Count);
            }
            return new HeatMap($"{name}: {title}", bounds.ValueName, bounds.Vertical, bounds.Horizontal, values);
        }
        return
        [
            ("map", bounds),
            ("map-mean", Map(summary.Recipe.Contrast is null ? "mean reward" : "mean difference of ranks", cell => cells[cell].Mean)),
            ("map-best", Map($"expected best of {k}", cell => cells[cell].ExpectedBestOf(k))),
            ("map-filtered", Map(
                $"{(summary.Recipe.Contrast is null ? "highest reward" : "largest difference of ranks")} of a text without flags",
                cell => summary.Flags.Clean.GetValueOrDefault(cell)?.Solution.Rewards[0],
                summary.Flags.CleanCount)),
        ];
    }

    // One scale for all of them, or the eye compares what cannot be compared.
    private static List<(string Name, HeatMap Map)> OnOneScale(List<(string Name, HeatMap Map)> maps, bool isDifference)
    {
        var values = maps.SelectMany(map => map.Map.Cells.Cast<HeatMapCell>()).Select(cell => cell.Value).OfType<double>().ToList();
        if (isDifference)
        {
            values.AddRange(values.ConvertAll(value => -value));   // both ends equally far from 0, so that a colour tells the sign
        }
        return values.Count == 0 || values.Min() == values.Max() ? maps : maps.ConvertAll(map => (map.Name, map.Map with { Low = values.Min(), High = values.Max() }));
    }
}
