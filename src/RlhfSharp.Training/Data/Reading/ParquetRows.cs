using System.Collections;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Reads the rows of a Parquet file as the JSON objects they stand for, one row group at a time.</summary>
internal static class ParquetRows
{
    public static IEnumerable<DataRow> Read(string path, Stream file)
    {
        var (schema, groups) = Guard(path, () => Open(file));
        var number = 0;
        for (var group = 0; group < groups; group++)
        {
            foreach (var row in Guard(path, () => ReadGroup(file, schema, group)))
            {
                number++;
                yield return new DataRow(row, new RowSource(path, number));
            }
        }
    }

    // The library is asynchronous only; files are local, and rows are pulled one by one.
    private static T Guard<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        // The library reports damage by whatever fails first: an index, a cast, an end of stream.
        catch (Exception exception) when (exception is not (InputException or OutOfMemoryException))
        {
            throw new InputException($"'{path}' is a damaged Parquet file, or uses a feature that is not supported: {exception.Message}", exception);
        }
    }

    private static async Task<(ParquetSchema Schema, int Groups)> Open(Stream file)
    {
        await using var reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true).ConfigureAwait(false);
        return (reader.Schema, reader.RowGroupCount);
    }

    private static async Task<List<JsonObject>> ReadGroup(Stream file, ParquetSchema schema, int group)
    {
        var result = await ParquetSerializer.DeserializeUntypedAsync(file, rowGroupIndex: group).ConfigureAwait(false);
        var rows = result.Data.Select(values => (JsonObject)Convert(values)!).ToList();
        await ParquetLists.RestoreNulls(file, schema, group, rows).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Turns a value into JSON. Whole numbers become <see cref="long"/>, others <see cref="double"/>; a value of any other kind
    /// (a date, bytes) becomes null: no column that is read has one.</summary>
    internal static JsonNode? Convert(object? value) => value switch
    {
        string text => JsonValue.Create(text),
        ReadOnlyMemory<char> text => JsonValue.Create(text.ToString()),
        bool truth => JsonValue.Create(truth),
        double or float or decimal => JsonValue.Create(System.Convert.ToDouble(value, null)),
        sbyte or byte or short or ushort or int or uint or long => JsonValue.Create(System.Convert.ToInt64(value, null)),
        ulong number => number <= long.MaxValue ? JsonValue.Create((long)number) : JsonValue.Create((double)number),
        IDictionary values => new JsonObject(values.Keys.Cast<object>().Select(key => KeyValuePair.Create($"{key}", Convert(values[key])))),
        byte[] => null,
        IEnumerable items => new JsonArray(items.Cast<object?>().Select(Convert).ToArray()),
        _ => null,
    };
}
