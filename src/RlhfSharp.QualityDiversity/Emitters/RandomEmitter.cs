namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>Draws numbers uniformly from a box and looks at no archive: the baseline every search must beat.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class RandomEmitter<TSolution> : IEmitter<TSolution>
{
    private readonly Genome<TSolution> _genome;
    private readonly (double Low, double High)[] _ranges;
    private readonly int _batchSize;
    private readonly long _seed;
    private long _asks;

    /// <summary>Initializes an emitter.</summary>
    /// <param name="genome">How a solution is made of numbers.</param>
    /// <param name="ranges">Low and high end of each number; finite.</param>
    /// <param name="batchSize">Solutions of an ask, from 1.</param>
    /// <param name="seed">The seed; two emitters of one run need different ones.</param>
    /// <exception cref="ArgumentException">A range is empty or not finite.</exception>
    public RandomEmitter(Genome<TSolution> genome, IReadOnlyList<(double Low, double High)> ranges, int batchSize = 64, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        foreach (var (low, high) in ranges)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(Check.Finite(high), Check.Finite(low), nameof(ranges));
        }
        (_genome, _ranges, _batchSize, _seed) = (genome, [.. ranges], batchSize, seed);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<TSolution>> AskAsync(CancellationToken cancellationToken)
    {
        var random = new NamedRandom(_seed, nameof(RandomEmitter<>), _asks++);
        return Task.FromResult<IReadOnlyList<TSolution>>([.. Enumerable.Range(0, _batchSize).Select(_ => _genome.Create(Draw(random)))]);
    }

    private double[] Draw(NamedRandom random) => [.. _ranges.Select(range => range.Low + random.NextDouble() * (range.High - range.Low))];
}
