using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;

namespace RlhfSharp.Training.Data;

/// <summary>Puts the nulls back into lists of numbers and strings.</summary>
/// <remarks>Parquet.Net 6.1 leaves out a null that stands inside a list of plain values, so that <c>[1, null, 3]</c> reads <c>[1, 3]</c>; in per-turn
/// rewards the numbers would move to other turns. The definition levels of the column still tell where the nulls were.</remarks>
internal static class ParquetLists
{
    public static async Task RestoreNulls(Stream file, ParquetSchema schema, int group, IReadOnlyList<JsonObject> rows)
    {
        var lists = schema.Fields.OfType<ListField>().Where(list => list.Item is DataField { IsNullable: true }).ToList();
        if (lists.Count == 0)
        {
            return;
        }
        await using var reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true).ConfigureAwait(false);
        using var groupReader = reader.OpenRowGroupReader(group);
        foreach (var list in lists)
        {
            // The reader knows fields of its own schema only.
            var item = reader.Schema.DataFields.Single(field => field.Path.Equals(((DataField)list.Item).Path));
            using var column = await groupReader.ReadRawColumnDataBaseAsync(item).ConfigureAwait(false);
            Restore(rows, list.Name, column.RepetitionLevels, column.DefinitionLevels, item.MaxDefinitionLevel);
        }
    }

    // Dremel's encoding: a repetition level of 0 starts a row; a definition level of the maximum is a value, one less is a null inside the
    // list, anything lower a list that is empty or null itself.
    private static void Restore(
        IReadOnlyList<JsonObject> rows, string name, ReadOnlySpan<int> repetitionLevels, ReadOnlySpan<int> definitionLevels, int maximum)
    {
        var row = -1;
        var position = 0;
        for (var i = 0; i < definitionLevels.Length; i++)
        {
            if (repetitionLevels[i] == 0)
            {
                row++;
                position = 0;
            }
            if (definitionLevels[i] == maximum - 1)
            {
                ((JsonArray)rows[row][name]!).Insert(position, null);
            }
            position++;
        }
    }
}
