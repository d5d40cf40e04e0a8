using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Reads texts with their labels.</summary>
internal static class KnownTextReader
{
    /// <summary>Reads all files of a recipe, in its order.</summary>
    /// <exception cref="InputException">A file cannot be read, or a row has no text or a label that is no text; names file and line.</exception>
    public static IReadOnlyList<KnownText> Read(TextsGeneratorOptions options, IReadOnlyList<MapAxisOptions> axes) => [.. options.Files.SelectMany(file => Rows(file).Select(row =>
    {
        string? Label(string column) => file.Columns.TryGetValue(column, out var given) ? given : TextColumn.Read(row, column) is { } label ? file.Rename.GetValueOrDefault(label, label) : null;
        return new KnownText(
            TextColumn.Require(row, options.TextColumn).Trim(),
            [.. axes.Select(axis => axis is LabelAxisOptions ? Label(axis.Name) : null)],
            options.GroupColumn is { } group ? Label(group) : null);
    }))];

    private static IEnumerable<DataRow> Rows(TextFileOptions file) => file.Path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? Book(file.Path) : RowReader.Read(file.Path);

    // What the judges find nothing in has no form, rather than one called other.
    private static IEnumerable<DataRow> Book(string path) => PoemFiles.Read(path).Select((poem, index) => new DataRow(
        new JsonObject { ["title"] = poem.Title, ["form"] = poem.Form == nameof(PoemForm.Other).ToLowerInvariant() ? null : poem.Form, ["text"] = poem.Text },
        new RowSource(path, index + 1)));
}
