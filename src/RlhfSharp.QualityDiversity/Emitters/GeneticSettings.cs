namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>How often and how far a <see cref="GeneticEmitter{TSolution}"/> changes numbers.</summary>
public sealed record GeneticSettings
{
    /// <summary>Gets the probability that a child has two parents; each number then comes from either with equal probability.</summary>
    /// <value>From 0 to 1. The default is 0.5.</value>
    public double CrossoverRate { get; init; } = 0.5;

    /// <summary>Gets the probability that a number is mutated.</summary>
    /// <value>From 0 to 1. The default is 0.1.</value>
    public double MutationRate { get; init; } = 0.1;

    /// <summary>Gets the standard deviation of a mutation.</summary>
    /// <value>From 0. The default is 0.1.</value>
    public double MutationSigma { get; init; } = 0.1;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Check.Finite(CrossoverRate));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CrossoverRate, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Check.Finite(MutationRate));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MutationRate, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Check.Finite(MutationSigma));
    }
}
