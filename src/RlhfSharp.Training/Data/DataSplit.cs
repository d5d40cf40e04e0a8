using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Which items are trained on and which are held out. Items of one group, such as answers to one prompt, are never separated.</summary>
/// <param name="Train">Indices of the items to train on, ascending.</param>
/// <param name="HeldOut">Indices of the others, ascending.</param>
public sealed record DataSplit(IReadOnlyList<int> Train, IReadOnlyList<int> HeldOut)
{
    /// <summary>Holds out one of several folds.</summary>
    /// <param name="groups">The group of every item, for instance <see cref="TokenizedDialogue.Group"/>.</param>
    /// <param name="folds">How many folds there are, at least 2.</param>
    /// <param name="heldOut">Which fold is held out, from 0.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>The split; over all folds, every item is held out once.</returns>
    /// <exception cref="InputException">There are no items, fewer groups than folds, fewer than 2 folds, or no fold of that number.</exception>
    public static DataSplit OfFold(IReadOnlyList<string> groups, int folds, int heldOut, long seed)
    {
        if (heldOut < 0 || heldOut >= folds)
        {
            throw new InputException($"Fold {heldOut} does not exist: there are {folds}, counted from 0.");
        }
        var fold = Folds.Assign(groups, folds, seed);
        return Where(index => fold[index] == heldOut, groups.Count);
    }

    /// <summary>Holds out a share of the groups for validation.</summary>
    /// <param name="groups">The group of every item.</param>
    /// <param name="fraction">The share of groups, between 0 and 1; rounded, but at least one group goes to either side.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>The split.</returns>
    /// <exception cref="InputException">There are no items, only one group, or the share is not between 0 and 1.</exception>
    public static DataSplit ByFraction(IReadOnlyList<string> groups, double fraction, long seed)
    {
        if (!(fraction > 0 && fraction < 1))
        {
            throw new InputException($"The validation fraction is {fraction}, expected a number between 0 and 1, neither included.");
        }
        var shuffled = Folds.Shuffled(groups, "validation", seed);
        if (shuffled.Length < 2)
        {
            throw new InputException($"All {groups.Count} rows share one prompt: training and validation need at least one prompt each.");
        }
        var count = Math.Clamp((int)Math.Round(fraction * shuffled.Length), 1, shuffled.Length - 1);
        var heldOut = shuffled.Take(count).ToHashSet(StringComparer.Ordinal);
        return Where(index => heldOut.Contains(groups[index]), groups.Count);
    }

    private static DataSplit Where(Predicate<int> isHeldOut, int count)
    {
        var sides = Enumerable.Range(0, count).ToLookup(index => isHeldOut(index));
        return new DataSplit([.. sides[false]], [.. sides[true]]);
    }
}
