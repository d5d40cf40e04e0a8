namespace RlhfSharp.Experiments.Sweeps;

/// <summary>A stretch of a sweep: how many trials train up to which step. Other methods than halving have one.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Trials">How many trials begin it.</param>
/// <param name="Steps">The step at which they are compared; null for the end of training.</param>
public sealed record SweepRung(int Index, int Trials, int? Steps)
{
    /// <summary>Lists the rungs of a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="maxSteps">The length of the whole training.</param>
    /// <returns>At least one; the last ends with training. Of n trials of halving, ⌊n/η⌋ go on, at least one.</returns>
    internal static IReadOnlyList<SweepRung> Of(SweepOptions sweep, int maxSteps)
    {
        var rungs = new List<SweepRung>();
        var trials = SweepDraw.Count(sweep);
        if (sweep.Method == SweepMethod.Halving)
        {
            for (long steps = sweep.MinSteps!.Value; steps < maxSteps; steps *= sweep.Eta)
            {
                rungs.Add(new SweepRung(rungs.Count, trials, (int)steps));
                trials = Math.Max(1, trials / sweep.Eta);
            }
        }
        return [.. rungs, new SweepRung(rungs.Count, trials, null)];
    }
}
