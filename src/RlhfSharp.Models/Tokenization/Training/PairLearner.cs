using System.Runtime.InteropServices;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Finds the most frequent pair of neighbours again and again, recounting only the words that a merge changed.</summary>
internal sealed class PairLearner
{
    private readonly List<(int[] Ids, long Count)> _words;
    private readonly Dictionary<(int Left, int Right), long> _counts = [];

    // Words in which a pair was seen; it may have gone from some of them since.
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];

    // Each change of a count is queued; entries whose count no longer holds are dropped when they come up.
    private readonly PriorityQueue<(int Left, int Right), (long MinusCount, int Left, int Right)> _queue = new();

    public PairLearner(IEnumerable<(int[] Ids, long Count)> words)
    {
        _words = [.. words];
        for (var word = 0; word < _words.Count; word++)
        {
            Count(word, sign: 1, changed: null);
        }
        foreach (var pair in _counts.Keys)
        {
            Enqueue(pair);
        }
    }

    /// <summary>Finds the most frequent pair.</summary>
    /// <param name="pair">Ids of the pair.</param>
    /// <returns>False when no pair occurs twice.</returns>
    public bool TryFindBest(out (int Left, int Right) pair)
    {
        while (_queue.TryDequeue(out pair, out var key))
        {
            if (_counts.GetValueOrDefault(pair) == -key.MinusCount)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Joins a pair everywhere.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="mergedId">The id of the result; another pair may have had the same result before.</param>
    public void Merge((int Left, int Right) pair, int mergedId)
    {
        var changed = new HashSet<(int, int)>();
        _places.Remove(pair, out var words);
        foreach (var word in words!)
        {
            Count(word, sign: -1, changed);
            _words[word] = (Join(_words[word].Ids, pair, mergedId), _words[word].Count);
            Count(word, sign: 1, changed);
        }
        foreach (var other in changed)
        {
            Enqueue(other);
        }
    }

    // From the left, so that of three equal ids the first two are joined.
    private static int[] Join(int[] ids, (int Left, int Right) pair, int mergedId)
    {
        var result = new List<int>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            var joins = i + 1 < ids.Length && (ids[i], ids[i + 1]) == pair;
            result.Add(joins ? mergedId : ids[i]);
            i += joins ? 1 : 0;
        }
        return [.. result];
    }

    private void Count(int word, int sign, HashSet<(int, int)>? changed)
    {
        var (ids, count) = _words[word];
        for (var i = 0; i + 1 < ids.Length; i++)
        {
            var pair = (ids[i], ids[i + 1]);
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += sign * count;
            changed?.Add(pair);
            if (sign > 0)
            {
                ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _);
                (places ??= []).Add(word);
            }
        }
    }

    private void Enqueue((int Left, int Right) pair)
    {
        if (_counts[pair] >= 2)
        {
            _queue.Enqueue(pair, (-_counts[pair], pair.Left, pair.Right));
        }
    }
}
