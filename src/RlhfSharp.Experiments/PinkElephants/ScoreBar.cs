namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A bar for one metric.</summary>
/// <param name="Metric">Its name, without <c>/start</c> and <c>/final</c>.</param>
/// <param name="Text">The bar in words.</param>
/// <param name="IsMet">Decides from the value of the trained model and that of the start.</param>
public sealed record ScoreBar(string Metric, string Text, Func<double, double, bool> IsMet);
