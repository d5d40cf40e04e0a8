using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The merges of a byte-pair encoding by the ids of their parts.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges;

    /// <summary>Initializes the table.</summary>
    /// <param name="merges">The merges, best first.</param>
    /// <param name="vocabulary">The ids of all parts and results.</param>
    /// <param name="source">The file that holds the merges, for messages.</param>
    public MergeTable(IReadOnlyList<(string Left, string Right)> merges, IReadOnlyDictionary<string, int> vocabulary, string source)
    {
        _merges = new(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            var pair = (Find(left), Find(right));
            if (!_merges.TryAdd(pair, (rank, Find(left + right))))
            {
                throw new InputException($"'{source}': merge {rank + 1} ('{left} {right}') was listed before.");
            }

            int Find(string token) => vocabulary.TryGetValue(token, out var id) ? id
                : throw new InputException($"'{source}': merge {rank + 1} ('{left} {right}') needs the token '{token}', "
                    + "which is not in the vocabulary. The merges and the vocabulary belong to different tokenizers.");
        }
    }

    /// <summary>Gets the rule that <see cref="Merger"/> applies.</summary>
    public Rule ToRule() => new(_merges);

    internal readonly struct Rule(Dictionary<(int Left, int Right), (int Rank, int Merged)> merges) : IMergeRule
    {
        public bool TryMerge(in MergeSymbol left, in MergeSymbol right, out double order, out int merged)
        {
            var found = merges.TryGetValue((left.Id, right.Id), out var merge);
            (order, merged) = (merge.Rank, merge.Merged);
            return found;
        }
    }
}
