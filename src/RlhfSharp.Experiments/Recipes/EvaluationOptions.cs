namespace RlhfSharp.Experiments.Recipes;

/// <summary>How the model is measured; recipe section <c>evaluation</c>, chosen by its <c>kind</c>.</summary>
public abstract record EvaluationOptions;
