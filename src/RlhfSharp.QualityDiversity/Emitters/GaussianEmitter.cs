using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>Adds normal noise to a random elite, as MAP-Elites does.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class GaussianEmitter<TSolution> : VariationEmitter<TSolution>
{
    private readonly double _sigma;

    /// <summary>Initializes an emitter.</summary>
    /// <param name="archive">Where parents come from.</param>
    /// <param name="genome">How a solution is made of numbers.</param>
    /// <param name="sigma">Standard deviation of the noise, from 0; with 0 children equal their parents.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public GaussianEmitter(Archive<TSolution> archive, Genome<TSolution> genome, double sigma, VariationOptions options)
        : base(archive, genome, options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Check.Finite(sigma));
        _sigma = sigma;
    }

    private protected override double[] Vary(Func<IReadOnlyList<double>> parent, NamedRandom random) =>
        [.. parent().Select(number => number + _sigma * random.NextGaussian())];
}
