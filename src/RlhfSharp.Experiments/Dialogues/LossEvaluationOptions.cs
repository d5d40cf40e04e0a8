using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Measures how likely the model finds held-out answers; recipe section <c>evaluation</c> with <c>kind: loss</c>.</summary>
/// <remarks>For supervised fine-tuning and language modelling. Of preference pairs the chosen answers are measured, and trained on.</remarks>
[RecipeKind("loss")]
public sealed record LossEvaluationOptions : EvaluationOptions;
