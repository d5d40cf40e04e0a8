namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>How much of the reward's variance only combinations of labels explain.</summary>
internal static class Interaction
{
    /// <summary>Computes η² of the interaction: (what the mean of each cell explains − what the axes explain one by one) / all.</summary>
    /// <param name="summary">The search.</param>
    /// <returns>From 0 to 1; null where nothing varies, or the axes cannot be told apart.</returns>
    public static double? Share(MapSummary summary)
    {
        var (state, placed) = (summary.State, summary.State.Events.Where(one => one.Outcome.Cell is not null).ToList());
        var rewards = placed.ConvertAll(one => one.Solution.Rewards[0]);
        var bins = placed.ConvertAll(one => state.Archive.BinsOf(one.Outcome.Cell!.Value));
        var columns = state.Axes.SelectMany((_, axis) => bins.Select(row => row[axis]).Distinct().Order().Skip(1).Select(bin => (axis, bin))).ToList();
        var rows = bins.ConvertAll(row => (double[])[1, .. columns.Select(column => row[column.axis] == column.bin ? 1.0 : 0.0)]);
        if (ClusteredRegression.Fit(rows, rewards, [.. placed.Select(one => one.Solution.Id)]) is not { } fit)
        {
            return null;
        }
        var mean = rewards.Average();
        var total = rewards.Sum(reward => (reward - mean) * (reward - mean));
        var leftByAxes = rows.Zip(rewards, (row, reward) => Math.Pow(reward - ClusteredRegression.Dot(row, fit.Coefficients), 2)).Sum();
        var leftByCells = placed.GroupBy(one => one.Outcome.Cell!.Value, one => one.Solution.Rewards[0]).Sum(cell =>
        {
            var middle = cell.Average();
            return cell.Sum(reward => (reward - middle) * (reward - middle));
        });
        return total > 1e-12 ? Math.Clamp((leftByAxes - leftByCells) / total, 0, 1) : null;
    }
}
