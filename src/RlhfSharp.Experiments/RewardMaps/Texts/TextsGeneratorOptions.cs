using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Texts from files, each evaluated once and none rewritten; <c>kind: texts</c>. A text's label on an axis stands in the column of the axis' name. How many steps the map
/// has follows from the number of texts.</summary>
[RecipeKind("texts")]
public sealed record TextsGeneratorOptions : MapGeneratorOptions
{
    /// <summary>Gets the files.</summary>
    [MinLength(1)]
    public required IReadOnlyList<TextFileOptions> Files { get; init; }

    /// <summary>Gets the column of the text.</summary>
    /// <value>The default is text.</value>
    [Required]
    public string TextColumn { get; init; } = "text";

    /// <summary>Gets the column that tells which texts are alike, for instance author: intervals then count authors, not texts, as independent evidence.</summary>
    /// <value>Null, the default, means that every text is independent of the others.</value>
    public string? GroupColumn { get; init; }

    internal override bool KnowsTexts => true;

    internal override IEnumerable<string> Inputs => Files.Select(file => file.Path);

    internal override MapRecipe Settle(MapRecipe recipe)
    {
        var texts = KnownTextReader.Read(this, recipe.Axes);
        var axes = recipe.Axes.Select((axis, index) => axis is LabelAxisOptions ? axis.Settle(index, texts) : axis).ToList();
        // Quantiles are those of the texts that will be on the map.
        var placed = texts.Where(text => axes.Zip(text.Labels).All(one => one.First is not LabelAxisOptions { Judge: null } labels || labels.Labels.Contains(one.Second!))).ToList();
        var steps = Steps(texts.Count, recipe.BatchSize);
        return recipe with { Axes = [.. axes.Select((axis, index) => axis is LabelAxisOptions ? axis : axis.Settle(index, placed))], StartSteps = steps, TotalSteps = steps };
    }

    internal override IReadOnlyList<KnownText>? Texts(MapRecipe recipe)
    {
        var texts = KnownTextReader.Read(this, recipe.Axes);
        return Steps(texts.Count, recipe.BatchSize) == recipe.TotalSteps
            ? texts
            : throw new InputException($"The files hold {texts.Count} texts now, other than when the map was begun. Start it anew with --overwrite.");
    }

    internal override ITextWriter Open(string folder, Device device, TimeProvider time) => new TextsWriter();

    private static int Steps(int texts, int batchSize) => (texts + batchSize - 1) / batchSize;
}
