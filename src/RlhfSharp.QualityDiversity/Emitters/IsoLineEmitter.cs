using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>Moves a random elite along the line to another one and adds normal noise (Vassiliades and Mouret 2018, https://arxiv.org/abs/1804.03906).</summary>
/// <remarks>child = x + σ_iso·N(0, I) + σ_line·N(0, 1)·(y − x), with elites x and y.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class IsoLineEmitter<TSolution> : VariationEmitter<TSolution>
{
    private readonly double _isoSigma;
    private readonly double _lineSigma;

    /// <summary>Initializes an emitter.</summary>
    /// <param name="archive">Where parents come from.</param>
    /// <param name="genome">How a solution is made of numbers.</param>
    /// <param name="isoSigma">Standard deviation of the noise of each number, from 0. pyribs' default is 0.01.</param>
    /// <param name="lineSigma">Standard deviation along the line, as a share of the distance, from 0. pyribs' default is 0.2.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public IsoLineEmitter(Archive<TSolution> archive, Genome<TSolution> genome, double isoSigma, double lineSigma, VariationOptions options)
        : base(archive, genome, options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Check.Finite(isoSigma));
        ArgumentOutOfRangeException.ThrowIfNegative(Check.Finite(lineSigma));
        (_isoSigma, _lineSigma) = (isoSigma, lineSigma);
    }

    private protected override double[] Vary(Func<IReadOnlyList<double>> parent, NamedRandom random)
    {
        var (from, to) = (parent(), parent());
        var along = _lineSigma * random.NextGaussian();
        return [.. from.Zip(to, (x, y) => x + _isoSigma * random.NextGaussian() + along * (y - x))];
    }
}
