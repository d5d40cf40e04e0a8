namespace RlhfSharp.Experiments.Reports;

/// <summary>A column of a <see cref="TableBlock"/>.</summary>
/// <param name="Header">Its name.</param>
/// <param name="Decimals">Digits after the point, for values and intervals alike; from 0 to 10.</param>
/// <param name="Best">Which value stands out.</param>
public sealed record TableColumn(string Header, int Decimals = 3, BestValue Best = BestValue.None);
