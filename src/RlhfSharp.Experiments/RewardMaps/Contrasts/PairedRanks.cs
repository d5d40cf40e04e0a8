namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The placed texts of one search as two reward models rank them.</summary>
/// <remarks>Ranks are those of <see cref="FrozenRanks"/>. The frozen set is what the first phase placed, or where the search is for disagreement its own frozen set, of which no text is on the map. Such a
/// search keeps what the models disagree about, so there the texts are those without a parent: the others would say what was searched for.</remarks>
internal sealed class PairedRanks
{
    private readonly int[] _cells;
    private readonly long[] _lines;
    private readonly double[] _first;
    private readonly double[] _second;

    /// <summary>Initializes the ranks.</summary>
    /// <param name="first">The first model's ranks, <c>[texts]</c>, from 0 to 1.</param>
    /// <param name="second">The other's, likewise.</param>
    /// <param name="cells">The cell of each text.</param>
    /// <param name="lines">The line of descent of each text.</param>
    internal PairedRanks(double[] first, double[] second, int[] cells, long[] lines) => (_first, _second, _cells, _lines) = (first, second, cells, lines);

    public int Count => _cells.Length;

    /// <summary>Reads a search.</summary>
    /// <param name="summary">The search.</param>
    /// <param name="first">The place of a reward in the recipe.</param>
    /// <param name="second">The place of the reward that is compared with it.</param>
    /// <returns>Null where the frozen set has no text with both rewards.</returns>
    public static PairedRanks? Of(MapSummary summary, int first, int second)
    {
        if (Freeze(summary, first, second) is not { } frozen)
        {
            return null;
        }
        var texts = summary.State.Events.Where(one => one.Outcome.Cell is not null && FrozenRanks.HasBoth(one.Solution, first, second)
            && (summary.State.Contrast is null || one.Solution.Step < summary.Recipe.StartSteps)).ToList();
        var ranks = texts.ConvertAll(one => frozen.Of(one.Solution));
        return new PairedRanks(
            [.. ranks.Select(one => one.First)],
            [.. ranks.Select(one => one.Second)],
            [.. texts.Select(one => one.Outcome.Cell!.Value)],
            [.. texts.Select(one => summary.State.LineOf(one.Solution.Id))]);
    }

    /// <summary>Finds the texts among which a search ranks others.</summary>
    public static FrozenRanks? Freeze(MapSummary summary, int first, int second) => FrozenRanks.Of(
        first, second, summary.State.Contrast?.Frozen ?? summary.State.Events.Where(one => one.Outcome.Cell is not null && one.Solution.Step < summary.Recipe.StartSteps).Select(one => one.Solution));

    /// <summary>Gets the correlation of the ranks (Spearman's); null where a model ranks all texts the same.</summary>
    public double? Correlation
    {
        get
        {
            if (Count == 0)
            {
                return null;
            }
            var (first, second) = (_first.Average(), _second.Average());
            var (squares, otherSquares) = (_first.Sum(rank => (rank - first) * (rank - first)), _second.Sum(rank => (rank - second) * (rank - second)));
            return squares > 1e-12 && otherSquares > 1e-12 ? _first.Zip(_second, (a, b) => (a - first) * (b - second)).Sum() / Math.Sqrt(squares * otherSquares) : null;
        }
    }

    /// <summary>Estimates the mean difference, first minus second, of a group.</summary>
    /// <param name="contains">Which cells belong to the group.</param>
    public GroupEstimate Estimate(Func<int, bool> contains)
    {
        var texts = Enumerable.Range(0, Count).Where(text => contains(_cells[text])).ToList();
        var differences = texts.ConvertAll(text => _first[text] - _second[text]);
        var lines = texts.ConvertAll(text => _lines[text]);
        return new GroupEstimate(texts.Count, EffectiveCount.Of(lines), texts.Count > 0 ? differences.Average() : null, StandardError(differences, lines));
    }

    // By leaving out one line at a time (the jackknife), which, unlike the spread of residuals, is not misled by one line that has most of the texts: it drags the mean to itself.
    private static double? StandardError(List<double> differences, List<long> lines)
    {
        var groups = differences.Zip(lines).GroupBy(text => text.Second, text => text.First).Select(line => (Sum: line.Sum(), Count: line.Count())).ToList();
        if (groups.Count < 2)
        {
            return null;
        }
        var mean = differences.Average();
        var squares = groups.Sum(line => Math.Pow((line.Sum - line.Count * mean) / (differences.Count - line.Count), 2));
        return Math.Sqrt((groups.Count - 1.0) / groups.Count * squares);
    }
}
