namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Gold and KL of a curve, summed up by what prompts are about: all that is needed to ask how the curve would look with other prompts.</summary>
internal sealed class CurveSample
{
    private readonly double[][] _gold;   // [things][points], sums over prompts
    private readonly double[][] _kl;     // the same
    private readonly int[] _sizes;       // [things], prompts

    private CurveSample(double[][] gold, double[][] kl, int[] sizes) => (_gold, _kl, _sizes) = (gold, kl, sizes);

    /// <summary>Gets the number of things that prompts are about.</summary>
    public int Things => _sizes.Length;

    /// <summary>Sums up points.</summary>
    /// <param name="points">At least one, all of the same prompts.</param>
    /// <param name="counts">Says of a thing, by its number, whether it counts; at least one does.</param>
    public static CurveSample Of(IReadOnlyList<IterationPoint> points, Func<int, bool> counts)
    {
        var things = points[0].Groups.Index().Where(prompt => counts(prompt.Item)).GroupBy(prompt => prompt.Item, prompt => prompt.Index).OrderBy(thing => thing.Key).Select(thing => thing.ToArray()).ToArray();
        double[][] Sums(Func<IterationPoint, IReadOnlyList<double>> values) => [.. things.Select(prompts => points.Select(point => prompts.Sum(prompt => values(point)[prompt])).ToArray())];
        return new CurveSample(Sums(point => point.Gold), Sums(point => point.Kl), [.. things.Select(prompts => prompts.Length)]);
    }

    /// <summary>Computes both means of each point.</summary>
    /// <param name="counts">How often each thing is there, <c>[things]</c>; empty: once.</param>
    /// <returns>New arrays, <c>[points]</c>.</returns>
    public (double[] Gold, double[] Kl) Means(ReadOnlySpan<int> counts = default)
    {
        var (gold, kl, size) = (new double[_gold[0].Length], new double[_gold[0].Length], 0);
        for (var thing = 0; thing < Things; thing++)
        {
            var times = counts.IsEmpty ? 1 : counts[thing];
            size += times * _sizes[thing];
            for (var point = 0; times > 0 && point < gold.Length; point++)
            {
                gold[point] += times * _gold[thing][point];
                kl[point] += times * _kl[thing][point];
            }
        }
        for (var point = 0; point < gold.Length; point++)
        {
            (gold[point], kl[point]) = (gold[point] / size, kl[point] / size);
        }
        return (gold, kl);
    }
}
