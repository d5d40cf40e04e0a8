using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>A genetic algorithm on elites: uniform crossover of two parents, then normal mutation of single numbers.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class GeneticEmitter<TSolution> : VariationEmitter<TSolution>
{
    private readonly GeneticSettings _settings;

    /// <summary>Initializes an emitter.</summary>
    /// <param name="archive">Where parents come from.</param>
    /// <param name="genome">How a solution is made of numbers.</param>
    /// <param name="settings">How often and how far numbers change.</param>
    /// <param name="options">Settings of every such emitter.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public GeneticEmitter(Archive<TSolution> archive, Genome<TSolution> genome, GeneticSettings settings, VariationOptions options)
        : base(archive, genome, options)
    {
        settings.Validate();
        _settings = settings;
    }

    private protected override double[] Vary(Func<IReadOnlyList<double>> parent, NamedRandom random)
    {
        double[] child = [.. parent()];
        if (random.NextDouble() < _settings.CrossoverRate)
        {
            var other = parent();
            for (var i = 0; i < child.Length; i++)
            {
                child[i] = random.Next(2) == 0 ? child[i] : other[i];
            }
        }
        for (var i = 0; i < child.Length; i++)
        {
            if (random.NextDouble() < _settings.MutationRate)
            {
                child[i] += _settings.MutationSigma * random.NextGaussian();
            }
        }
        return child;
    }
}
