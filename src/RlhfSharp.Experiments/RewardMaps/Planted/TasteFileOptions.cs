using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A taste in a file, as <c>rlhf data taste</c> writes it beside its pairs; <c>kind: file</c>.</summary>
[RecipeKind("file")]
public sealed record TasteFileOptions : PlantedOptions
{
    /// <summary>Gets the file.</summary>
    [Required]
    public required string Path { get; init; }

    internal override PlantedTaste TasteOf(long seed) =>
        File.Exists(Path) ? PlantedTaste.Read(Path) : throw new InputException($"planted.path: '{Path}' does not exist. 'rlhf data taste' writes such a file beside its pairs.");
}
