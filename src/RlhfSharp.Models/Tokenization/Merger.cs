namespace RlhfSharp.Models.Tokenization;

/// <summary>Byte-pair merging of a text of any length in O(n log n): best merge first, of equally good ones the leftmost.</summary>
internal static class Merger
{
    /// <summary>Merges until nothing merges any more.</summary>
    /// <typeparam name="TRule">A value type, so that its calls are inlined.</typeparam>
    /// <param name="symbols">Start, length and id of each first symbol, in order; the links are set here. Afterwards symbols of length 0 are gone.</param>
    /// <param name="rule">Which neighbours merge.</param>
    public static void Run<TRule>(MergeSymbol[] symbols, TRule rule)
        where TRule : struct, IMergeRule
    {
        var queue = new PriorityQueue<Candidate, (double Order, int Left)>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i].Previous = i - 1;
            symbols[i].Next = i + 1 < symbols.Length ? i + 1 : -1;
        }
        for (var i = 0; i + 1 < symbols.Length; i++)
        {
            Offer(i, i + 1);
        }
        while (queue.TryDequeue(out var candidate, out _))
        {
            ref var left = ref symbols[candidate.Left];
            ref var right = ref symbols[candidate.Right];
            // Symbols only grow or vanish: where the lengths still add up, both are as they were when the pair was offered.
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != candidate.Length)
            {
                continue;
            }
            left.Length = candidate.Length;
            left.Id = candidate.Merged;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = candidate.Left;
                Offer(candidate.Left, left.Next);
            }
            if (left.Previous >= 0)
            {
                Offer(left.Previous, candidate.Left);
            }
        }

        void Offer(int left, int right)
        {
            if (rule.TryMerge(symbols[left], symbols[right], out var order, out var merged))
            {
                queue.Enqueue(new(left, right, symbols[left].Length + symbols[right].Length, merged), (order, left));
            }
        }
    }

    private readonly record struct Candidate(int Left, int Right, int Length, int Merged);
}
