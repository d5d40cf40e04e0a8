using System.Text.Json;
using System.Text.Json.Serialization;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli;

/// <summary>Token ids with a mask, as Hugging Face's tokenizers pad them: on the right or on the left.</summary>
internal sealed class MaskedBatch
{
    private readonly string _path;

    private MaskedBatch(string path, int[][] ids, bool[][] masks)
    {
        (_path, Masks) = (path, masks);
        Rows = [.. ids.Zip(masks, (row, mask) => row.Where((_, i) => mask[i]).ToArray())];
    }

    /// <summary>Gets the real tokens of each row.</summary>
    public IReadOnlyList<int[]> Rows { get; }

    /// <summary>Gets where real tokens stand in each padded row.</summary>
    public IReadOnlyList<bool[]> Masks { get; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="InputException">The file is missing or not what it should be.</exception>
    public static MaskedBatch Read(string path)
    {
        Content content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path)) ?? throw new JsonException("it is null");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InputException($"'{path}' cannot be read as {{\"input_ids\": [[...]], \"attention_mask\": [[...]]}}: {exception.Message}", exception);
        }
        var ids = content.InputIds ?? throw new InputException($"'{path}' has no 'input_ids'.");
        var masks = content.AttentionMask ?? [.. ids.Select(row => Enumerable.Repeat(1, row.Length).ToArray())];
        if (ids.Length == 0)
        {
            throw new InputException($"'{path}': 'input_ids' has no rows.");
        }
        if (masks.Length != ids.Length || masks.Zip(ids).Any(pair => pair.First.Length != pair.Second.Length))
        {
            throw new InputException($"'{path}': 'attention_mask' does not have the shape of 'input_ids'.");
        }
        if (masks.Any(row => row.Any(value => value is not (0 or 1)) || !row.Contains(1)))
        {
            throw new InputException($"'{path}': 'attention_mask' holds 0 and 1, and at least one 1 in each row.");
        }
        return new MaskedBatch(path, ids, [.. masks.Select(row => row.Select(value => value == 1).ToArray())]);
    }

    /// <summary>Checks that a model can read the rows.</summary>
    /// <exception cref="InputException">An id is outside the vocabulary, or a row is longer than the context.</exception>
    public void Check(ModelConfig config)
    {
        foreach (var (index, row) in Rows.Index())
        {
            if (row.Any(id => id < 0 || id >= config.VocabularySize))
            {
                throw new InputException($"'{_path}': row {index} of 'input_ids' holds {row.First(id => id < 0 || id >= config.VocabularySize)}; the vocabulary has ids 0 to {config.VocabularySize - 1}.");
            }
            if (row.Length > config.MaxPositions)
            {
                throw new InputException($"'{_path}': row {index} of 'input_ids' has {row.Length} tokens; the model's context holds {config.MaxPositions}.");
            }
        }
    }

    private sealed record Content(
        [property: JsonPropertyName("input_ids")] int[][]? InputIds,
        [property: JsonPropertyName("attention_mask")] int[][]? AttentionMask);
}
