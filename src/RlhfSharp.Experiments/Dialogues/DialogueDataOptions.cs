using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Dialogues, preference pairs or rewarded texts from files; recipe section <c>data</c> with <c>kind: dialogues</c>.</summary>
[RecipeKind("dialogues")]
public sealed record DialogueDataOptions : DataOptions
{
    /// <summary>Gets the files, relative to the working directory: JSONL, gzipped JSONL or Parquet.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Gets how dialogues are written out for the model.</summary>
    /// <value>The name of a chat format. The default is human-assistant.</value>
    public string Format { get; init; } = "human-assistant";

    /// <summary>Gets the largest number of tokens of a row.</summary>
    /// <value>From 2 up; 0, the default, means what the model's context holds.</value>
    [Range(0, int.MaxValue)]
    public int MaxTokens { get; init; }

    /// <summary>Gets what happens to rows that are longer.</summary>
    /// <value>The default is error.</value>
    public OnTooLong OnTooLong { get; init; } = OnTooLong.Error;

    /// <summary>Gets what happens to rows that cannot be used.</summary>
    /// <value>The default is error, with file and line.</value>
    public OnBadRow OnBadRow { get; init; } = OnBadRow.Error;

    /// <summary>Gets into how many folds the rows are split by prompt.</summary>
    /// <value>From 2 up. The default is 5. One model is trained for each held-out fold.</value>
    [Range(2, 100)]
    public int Folds { get; init; } = 5;

    /// <summary>Gets which folds are held out in turn, counted from 0.</summary>
    /// <value>Empty, the default, means each of them.</value>
    public IReadOnlyList<int> HeldOutFolds { get; init; } = [];
}
