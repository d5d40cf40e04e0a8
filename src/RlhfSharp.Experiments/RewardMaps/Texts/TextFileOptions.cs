using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A file of texts.</summary>
public sealed record TextFileOptions
{
    /// <summary>Gets the file, relative to the working directory: JSONL, gzipped JSONL or Parquet; or, if its name ends in <c>.txt</c>, a book of Project Gutenberg, which is split
    /// into its poems, with what they are judged to be in the column <c>form</c>.</summary>
    [Required]
    public required string Path { get; init; }

    /// <summary>Gets columns that are the same for all texts of the file, in place of what stands in it: the author of a book, for instance.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets other names for labels of this file, by the name that stands in it, so that files that call one thing differently can be put together.</summary>
    public IReadOnlyDictionary<string, string> Rename { get; init; } = new Dictionary<string, string>();
}
