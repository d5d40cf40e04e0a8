namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A score of a text.</summary>
/// <param name="Value">The score; NaN where there is none.</param>
/// <param name="IsCut">Whether the text was longer than the model can read, so that only its first lines were scored.</param>
internal readonly record struct MapScore(double Value, bool IsCut);
