namespace RlhfSharp.Models.Architectures;

/// <summary>Sequences that begin alike: their common beginning once, then what each goes on with.</summary>
/// <param name="Trunk">The number of tokens of the common beginning, from 0 up.</param>
/// <param name="Branches">The number of tokens of each sequence after it, at least 1; at least one branch.</param>
public sealed record BranchedSequence(int Trunk, IReadOnlyList<int> Branches)
{
    /// <summary>Gets the number of tokens in all.</summary>
    public int Length => Trunk + Branches.Sum();

    /// <summary>Gets each token's position in its sequence: every branch goes on where the trunk ends.</summary>
    internal IEnumerable<int> Positions => Enumerable.Range(0, Trunk).Concat(Branches.SelectMany(branch => Enumerable.Range(Trunk, branch)));

    /// <summary>Gets which branch each token belongs to, from 1; 0 for the trunk.</summary>
    internal IEnumerable<int> Owners => Enumerable.Repeat(0, Trunk).Concat(Branches.SelectMany((branch, index) => Enumerable.Repeat(index + 1, branch)));
}
