using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The placed texts of one search as two reward models rank them.</summary>
/// <remarks>Rewards of different models have no common unit; ranks do. A text's rank is the share of a frozen set of texts, those of the first phase, that the model scores lower,
/// and half of those it scores the same. So any rising function of a reward gives the same ranks, and a constant reward ranks every text at 1/2.</remarks>
internal sealed class PairedRanks
{
    private readonly int[] _cells;
    private readonly long[] _lines;
    private readonly double[] _first;
    private readonly double[] _second;

    /// <summary>Initializes the ranks.</summary>
    /// <param name="first">The first model's rewards, <c>[texts]</c>, finite.</param>
    /// <param name="second">The other's, likewise.</param>
    /// <param name="isFrozen">Which texts belong to the frozen set, <c>[texts]</c>; at least one.</param>
    /// <param name="cells">The cell of each text.</param>
    /// <param name="lines">The line of descent of each text.</param>
    internal PairedRanks(double[] first, double[] second, bool[] isFrozen, int[] cells, long[] lines) =>
        (_first, _second, _cells, _lines) = (Ranks(first, isFrozen), Ranks(second, isFrozen), cells, lines);

    public int Count => _cells.Length;

    /// <summary>Reads a search.</summary>
    /// <param name="summary">The search.</param>
    /// <param name="second">Which reward is compared with the first.</param>
    /// <returns>Null where no text of the first phase has both rewards.</returns>
    public static PairedRanks? Of(MapSummary summary, int second)
    {
        var texts = summary.State.Events.Where(one => one.Outcome.Cell is not null && double.IsFinite(one.Solution.Rewards[second])).ToList();
        bool[] isFrozen = [.. texts.Select(one => one.Solution.Step < summary.Recipe.StartSteps)];
        return !isFrozen.Contains(true) ? null : new PairedRanks(
            [.. texts.Select(one => one.Solution.Rewards[0])],
            [.. texts.Select(one => one.Solution.Rewards[second])],
            isFrozen,
            [.. texts.Select(one => one.Outcome.Cell!.Value)],
            [.. texts.Select(one => summary.State.LineOf(one.Solution.Id))]);
    }

    /// <summary>Gets the correlation of the ranks (Spearman's); null where a model ranks all texts the same.</summary>
    public double? Correlation
    {
        get
        {
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

    private static double[] Ranks(double[] rewards, bool[] isFrozen)
    {
        var frozen = new EmpiricalDistribution([.. rewards.Where((_, text) => isFrozen[text])]);
        return [.. rewards.Select(frozen.MidShare)];
    }
}
