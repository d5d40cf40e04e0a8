namespace RlhfSharp.Training.Data;

/// <summary>Where a row came from; errors about the row name it.</summary>
/// <param name="File">The file's name as the user gave it.</param>
/// <param name="Line">Line in the file, or row of a Parquet file, from 1.</param>
public readonly record struct RowSource(string File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}
