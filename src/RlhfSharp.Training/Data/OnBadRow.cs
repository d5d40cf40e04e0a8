namespace RlhfSharp.Training.Data;

/// <summary>What happens to a row that cannot be used: recipe key <c>onBadRow</c>.</summary>
public enum OnBadRow
{
    /// <summary>The first one is an error that names file and line. The default: data that is not understood is not trained on.</summary>
    Error,

    /// <summary>It is left out; <see cref="BadRows.Skipped"/> counts it and says why.</summary>
    Skip,
}
