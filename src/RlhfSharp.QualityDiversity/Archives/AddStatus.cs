namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>What became of an offered solution, judged against the archive as it was before its batch; later values are better.</summary>
public enum AddStatus
{
    /// <summary>Its objective or a measure was no finite number, or a label was unknown. Counted, never stored.</summary>
    Rejected,

    /// <summary>Its cell is full, and it beats none of the solutions there.</summary>
    NotAdded,

    /// <summary>It does not beat the best of its cell but is among those kept; only in archives whose depth is above 1.</summary>
    Kept,

    /// <summary>It beats the best of its cell.</summary>
    Improved,

    /// <summary>Its cell was empty.</summary>
    New,
}
