namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>Settings of every emitter that varies numbers.</summary>
public record VariationOptions
{
    /// <summary>Gets the numbers to start from while the archive is empty.</summary>
    /// <value>At least one, finite, <c>[numbers]</c>.</value>
    public required IReadOnlyList<double> Start { get; init; }

    /// <summary>Gets the number of solutions of an ask.</summary>
    /// <value>From 1. The default is 64, pyribs'.</value>
    public int BatchSize { get; init; } = 64;

    /// <summary>Gets the lowest value of each number.</summary>
    /// <value>The default is −∞.</value>
    public double Low { get; init; } = double.NegativeInfinity;

    /// <summary>Gets the highest value of each number.</summary>
    /// <value>Above <see cref="Low"/>. The default is +∞.</value>
    public double High { get; init; } = double.PositiveInfinity;

    /// <summary>Gets the seed; two emitters of one run need different ones.</summary>
    /// <value>Any. The default is 0.</value>
    public long Seed { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfZero(Start.Count, nameof(Start));
        if (!(Low < High))
        {
            throw new ArgumentException($"{nameof(Low)} is {Low}, which is not below {nameof(High)}, {High}.");
        }
        if (!Start.All(double.IsFinite))
        {
            throw new ArgumentException($"{nameof(Start)} must hold finite numbers only.");
        }
    }
}
