namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>How much of the reward's variance only combinations of labels explain.</summary>
internal static class Interaction
{
    /// <summary>Computes η² of the interaction: (what the mean of each cell explains − what the axes explain one by one) / all.</summary>
    /// <param name="summary">The search.</param>
    /// <returns>From 0 to 1; null where nothing varies, or the axes cannot be told apart.</returns>
    public static double? Share(MapSummary summary)
    {
        var design = MapDesign.Of(summary);
        var (rows, rewards) = (design.Rows(withLength: false), design.Rewards);
        if (ClusteredRegression.Fit(rows, rewards, [.. rewards.Select((_, text) => (long)text)]) is not { } fit)
        {
            return null;
        }
        var mean = rewards.Average();
        var total = rewards.Sum(reward => (reward - mean) * (reward - mean));
        var leftByAxes = rows.Zip(rewards, (row, reward) => Math.Pow(reward - ClusteredRegression.Dot(row, fit.Coefficients), 2)).Sum();
        var leftByCells = design.Cells.Zip(rewards).GroupBy(text => text.First, text => text.Second).Sum(cell =>
        {
            var middle = cell.Average();
            return cell.Sum(reward => (reward - middle) * (reward - middle));
        });
        return total > 1e-12 ? Math.Clamp((leftByAxes - leftByCells) / total, 0, 1) : null;
    }
}
