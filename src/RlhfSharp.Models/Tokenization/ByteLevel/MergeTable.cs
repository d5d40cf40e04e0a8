using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The merges of a byte-pair encoding by the ids of their parts.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges;

    public MergeTable(BytePairDefinition definition)
    {
        _merges = new(definition.Merges.Count);
        for (var rank = 0; rank < definition.Merges.Count; rank++)
        {
            var (left, right) = definition.Merges[rank];
            var pair = (Find(left), Find(right));
            if (!_merges.TryAdd(pair, (rank, Find(left + right))))
            {
                throw new InputException($"'{definition.Source}': merge {rank + 1} ('{left} {right}') was listed before.");
            }

            int Find(string token) => definition.Vocabulary.TryGetValue(token, out var id) ? id
                : throw new InputException($"'{definition.Source}': merge {rank + 1} ('{left} {right}') needs the token '{token}', "
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
