using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>An emitter that makes new numbers of those of elites. Elites themselves are never changed.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public abstract class VariationEmitter<TSolution> : IEmitter<TSolution>
{
    private readonly Archive<TSolution> _archive;
    private readonly Genome<TSolution> _genome;
    private readonly VariationOptions _options;
    private long _asks;

    private protected VariationEmitter(Archive<TSolution> archive, Genome<TSolution> genome, VariationOptions options)
    {
        options.Validate();
        (_archive, _genome, _options) = (archive, genome, options);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<TSolution>> AskAsync(CancellationToken cancellationToken)
    {
        var random = new NamedRandom(_options.Seed, GetType().Name, _asks++);
        return Task.FromResult<IReadOnlyList<TSolution>>([.. Enumerable.Range(0, _options.BatchSize).Select(_ => Propose(random))]);
    }

    /// <summary>Makes new numbers.</summary>
    /// <param name="parent">Draws the numbers of a parent: of an elite, or those to start from while there is none.</param>
    /// <param name="random">Where draws come from.</param>
    /// <returns>A new array, <c>[numbers]</c>; values beyond the limits are moved to them.</returns>
    private protected abstract double[] Vary(Func<IReadOnlyList<double>> parent, NamedRandom random);

    private TSolution Propose(NamedRandom random)
    {
        var numbers = Vary(() => Parent(random), random);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Math.Clamp(numbers[i], _options.Low, _options.High);
        }
        return _genome.Create(numbers);
    }

    private IReadOnlyList<double> Parent(NamedRandom random)
    {
        if (_archive.Count == 0)
        {
            return _options.Start;
        }
        var numbers = _genome.Read(_archive.Sample(random).Solution);
        Check.Length(numbers.Count, _options.Start.Count, $"as many numbers as {nameof(_options.Start)} has", "an elite's numbers");
        return numbers;
    }
}
