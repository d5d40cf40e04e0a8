using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Reads rows from a file: one JSON object per line, plain or compressed with gzip, or Parquet as Hugging Face data sets write it.</summary>
/// <remarks>What a file is shows in its first bytes; its name does not matter, except that a file called <c>.parquet</c> must be one.</remarks>
public static class RowReader
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    private static ReadOnlySpan<byte> ParquetMagic => "PAR1"u8;

    /// <summary>Reads rows one after another; the file is open while they are enumerated.</summary>
    /// <param name="path">The file.</param>
    /// <param name="badRows">What happens to a line that is no JSON object; an error by default.</param>
    /// <returns>The rows in the file's order.</returns>
    /// <exception cref="InputException">The file is missing, damaged, empty, or a row of it cannot be read; names file and line. A missing file
    /// is reported at once, the rest while enumerating.</exception>
    public static IEnumerable<DataRow> Read(string path, BadRows? badRows = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            throw new InputException($"'{path}' is a folder. Name a file of JSON lines (also compressed with gzip) or a Parquet file.");
        }
        if (!File.Exists(path))
        {
            throw new InputException($"The data file '{path}' does not exist.");
        }
        return ReadRows(path, badRows ?? new BadRows(OnBadRow.Error));
    }

    private static IEnumerable<DataRow> ReadRows(string path, BadRows badRows)
    {
        using var file = Open(path);
        var isEmpty = true;
        foreach (var row in Rows(path, file, badRows))
        {
            isEmpty = false;
            yield return row;
        }
        if (isEmpty)
        {
            throw badRows.NothingLeft(path);
        }
    }

    private static IEnumerable<DataRow> Rows(string path, FileStream file, BadRows badRows)
    {
        var start = new byte[ParquetMagic.Length];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (start.AsSpan(0, length).SequenceEqual(ParquetMagic))
        {
            return ParquetRows.Read(path, file);
        }
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"'{path}' is no Parquet file: it does not begin with PAR1.");
        }
        return JsonLines.Read(path, file, start.AsSpan(0, length).StartsWith(GzipMagic), badRows);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' could not be read: {exception.Message}", exception);
        }
    }
}
