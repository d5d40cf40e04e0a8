using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Deals groups of items out to folds for cross-validation.</summary>
public static class Folds
{
    /// <summary>Assigns every item to a fold. Items of a group share it, and folds differ by one group at most.</summary>
    /// <param name="groups">The group of every item.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="seed">The run's seed. Which groups share a fold depends on it and on the set of groups only, not on the order of items.</param>
    /// <returns>A fold from 0 for every item.</returns>
    /// <exception cref="InputException">There are no items, fewer groups than folds, or fewer than 2 folds.</exception>
    public static int[] Assign(IReadOnlyList<string> groups, int folds, long seed)
    {
        if (folds < 2)
        {
            throw new InputException($"{folds} folds were asked for, expected at least 2: one to hold out and one to train on.");
        }
        var shuffled = Shuffled(groups, "folds", seed);
        if (shuffled.Length < folds)
        {
            throw new InputException($"The data set has {shuffled.Length} different prompts, too few for {folds} folds: every fold needs one.");
        }
        var foldOf = shuffled.Index().ToDictionary(pair => pair.Item, pair => pair.Index % folds, StringComparer.Ordinal);
        return [.. groups.Select(group => foldOf[group])];
    }

    internal static string[] Shuffled(IReadOnlyList<string> groups, string purpose, long seed)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count == 0)
        {
            throw new InputException("The data set holds no rows: there is nothing to split.");
        }
        string[] distinct = [.. groups.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        new NamedRandom(seed, purpose).Shuffle<string>(distinct);
        return distinct;
    }
}
