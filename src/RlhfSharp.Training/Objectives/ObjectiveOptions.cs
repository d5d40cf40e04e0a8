namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of a training objective; recipe section <c>objective</c>, chosen by its <c>kind</c>.</summary>
public abstract record ObjectiveOptions;
