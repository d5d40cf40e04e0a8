namespace RlhfSharp.Models.Architectures;

/// <summary>How a parameter of a new model starts.</summary>
/// <param name="Kind">The distribution.</param>
/// <param name="Scale">Standard deviation of <see cref="InitializationKind.Normal"/>, half-width of
/// <see cref="InitializationKind.Uniform"/>, value of <see cref="InitializationKind.Constant"/>.</param>
public readonly record struct Initialization(InitializationKind Kind, double Scale)
{
    /// <summary>Gets zeros.</summary>
    public static Initialization Zeros => new(InitializationKind.Constant, 0);

    /// <summary>Gets ones.</summary>
    public static Initialization Ones => new(InitializationKind.Constant, 1);

    /// <summary>A normal distribution around 0.</summary>
    /// <param name="standardDeviation">Its standard deviation.</param>
    /// <returns>The initialization.</returns>
    public static Initialization Normal(double standardDeviation) => new(InitializationKind.Normal, standardDeviation);

    /// <summary>A uniform distribution around 0.</summary>
    /// <param name="halfWidth">The largest value.</param>
    /// <returns>The initialization.</returns>
    public static Initialization Uniform(double halfWidth) => new(InitializationKind.Uniform, halfWidth);
}
