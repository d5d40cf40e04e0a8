namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of supervised fine-tuning; recipe section <c>objective</c> with <c>kind: sft</c>. The loss is on answers only.</summary>
[RecipeKind("sft")]
public sealed record SupervisedFineTuningOptions : ObjectiveOptions;
