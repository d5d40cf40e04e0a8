namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>A cell of a heat map.</summary>
/// <param name="Value">What its colour says; null where there is nothing: it is hatched then, never coloured as if it were 0.</param>
/// <param name="Count">How many evaluations stand behind it; null to print none.</param>
public readonly record struct HeatMapCell(double? Value, int? Count = null);
