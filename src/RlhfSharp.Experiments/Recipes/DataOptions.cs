namespace RlhfSharp.Experiments.Recipes;

/// <summary>The data; recipe section <c>data</c>, chosen by its <c>kind</c>.</summary>
public abstract record DataOptions;
