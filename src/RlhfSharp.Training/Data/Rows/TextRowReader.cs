using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Reads a data file as rows that training understands.</summary>
public static class TextRowReader
{
    /// <summary>Reads all rows of a file, see <see cref="RowReader"/> for the kinds of file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">What the rows mean; <see cref="RowSchema.Auto"/> takes it from the columns of the first row.</param>
    /// <param name="badRows">What happens to rows that cannot be used: damaged ones, those with an empty prompt or completion, pairs whose sides are
    /// equal, rewards that are not finite, names that occur twice.</param>
    /// <returns>The usable rows in the file's order; at least one.</returns>
    /// <exception cref="InputException">The file cannot be read, its columns make no known kind of row, a row is bad and that is an error, or no row
    /// is left.</exception>
    public static IReadOnlyList<TextRow> Read(string path, RowSchema schema, BadRows badRows)
    {
        ArgumentNullException.ThrowIfNull(badRows);
        var rows = new List<TextRow>();
        var sources = new Dictionary<string, RowSource>(StringComparer.Ordinal);
        foreach (var row in RowReader.Read(path, badRows))
        {
            var fields = new RowFields(row.Values);
            schema = schema == RowSchema.Auto ? RowColumns.Detect(fields.Columns, row.Source) : schema;
            try
            {
                var parsed = RowParser.Parse(fields, schema, row.Source);
                if (!sources.TryAdd(parsed.Id, row.Source))
                {
                    throw new BadRowException($"has the same id as {sources[parsed.Id]}");
                }
                rows.Add(parsed);
            }
            catch (BadRowException exception)
            {
                badRows.Add(row.Source, exception.Message);
            }
        }
        return rows.Count > 0 ? rows : throw badRows.NothingLeft(path);
    }
}
