using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Deals pairs of things out to training, validation and evaluation: no pair is in two of them, in either order.</summary>
internal static class PairPartition
{
    private const double HeldOutShare = 0.1;   // for validation, and as much again for evaluation

    /// <summary>Splits rows by their pair.</summary>
    /// <param name="rows">In an order that is kept.</param>
    /// <param name="seed">Decides which pairs go where.</param>
    /// <exception cref="InputException">There are fewer than three pairs.</exception>
    public static DialogueSet Split(IReadOnlyList<PinkElephantDialogue> rows, long seed)
    {
        string[] pairs = [.. rows.Select(row => row.Pair).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (pairs.Length < 3)
        {
            throw new InputException(
                $"The dialogues that can be used are about {pairs.Length} pairs of things; training, validation and evaluation need one each. Ask for more pairs.");
        }
        new NamedRandom(seed, "principles/split").Shuffle(pairs.AsSpan());
        var heldOut = Math.Max(1, (int)Math.Round(HeldOutShare * pairs.Length));
        var place = pairs.Index().ToDictionary(pair => pair.Item, pair => pair.Index / heldOut, StringComparer.Ordinal);
        return new DialogueSet(
            [.. rows.Where(row => place[row.Pair] > 1)], [.. rows.Where(row => place[row.Pair] == 0)], [.. rows.Where(row => place[row.Pair] == 1)]);
    }
}
