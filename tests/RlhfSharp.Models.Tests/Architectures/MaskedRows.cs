using System.Text.Json;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>Reads the padded batches of fixtures.</summary>
internal static class MaskedRows
{
    /// <summary>Gets the real tokens of each row with the positions at which they stand in the padded batch.</summary>
    public static List<(int[] Tokens, int[] Positions)> Of(JsonElement batch)
    {
        var ids = batch.GetProperty("input_ids").EnumerateArray().Select(Integers).ToList();
        var masks = batch.TryGetProperty("attention_mask", out var mask)
            ? mask.EnumerateArray().Select(Integers).ToList()
            : ids.ConvertAll(row => Enumerable.Repeat(1, row.Length).ToArray());
        return [.. ids.Zip(masks, (row, keep) =>
        {
            var positions = Enumerable.Range(0, row.Length).Where(i => keep[i] == 1).ToArray();
            return (positions.Select(i => row[i]).ToArray(), positions);
        })];
    }

    public static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
