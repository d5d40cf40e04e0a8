namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A weighted sum of a fit's coefficients.</summary>
/// <param name="Value">The sum.</param>
/// <param name="StandardError">Its standard error, allowing for lines of descent.</param>
/// <param name="Degrees">How many degrees of freedom the standard error has, from 1.</param>
internal readonly record struct FitEstimate(double Value, double StandardError, double Degrees);
