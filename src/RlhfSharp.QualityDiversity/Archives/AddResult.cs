namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>What became of an offered solution.</summary>
/// <param name="Status">Judged against the archive as it was before the batch; another row of the batch may still have won the cell.</param>
/// <param name="Cell">The cell it fell into; −1 if it was rejected.</param>
/// <param name="Improvement">Its objective minus that of the cell's best, negative if it is worse; the objective itself where the cell was
/// empty; NaN if it was rejected.</param>
public readonly record struct AddResult(AddStatus Status, int Cell, double Improvement)
{
    /// <summary>Gets the result of a solution that cannot be placed.</summary>
    public static AddResult Rejected { get; } = new(AddStatus.Rejected, -1, double.NaN);
}
