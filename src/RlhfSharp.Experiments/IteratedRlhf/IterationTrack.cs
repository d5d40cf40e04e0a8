namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>A row with one seed, as it went.</summary>
/// <param name="Row">The row's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Law">The law that its curves are fitted by.</param>
/// <param name="Points">Its points, iteration after iteration.</param>
internal sealed record IterationTrack(string Row, long Seed, OveroptimizationLaw Law, IReadOnlyList<IterationPoint> Points)
{
    /// <summary>Gets the number of the last iteration.</summary>
    public int Iterations => Points[^1].Iteration;

    /// <summary>Gets the points of an iteration.</summary>
    public IReadOnlyList<IterationPoint> Of(int iteration) => [.. Points.Where(point => point.Iteration == iteration)];
}
