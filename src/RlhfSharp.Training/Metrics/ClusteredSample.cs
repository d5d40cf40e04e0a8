using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Metrics;

/// <summary>Values summed up by cluster: all that a mean's interval needs, however many samples a cluster holds.</summary>
internal sealed class ClusteredSample
{
    private readonly double[] _sums;   // [clusters], in the order of the cluster numbers
    private readonly int[] _sizes;     // [clusters]

    private ClusteredSample(double[] sums, int[] sizes)
    {
        (_sums, _sizes) = (sums, sizes);
        Mean = sums.Sum() / sizes.Sum();
    }

    /// <summary>Gets the number of clusters.</summary>
    public int Count => _sums.Length;

    /// <summary>Gets the mean over all samples.</summary>
    public double Mean { get; }

    public static ClusteredSample Of(ReadOnlySpan<double> values, ReadOnlySpan<int> clusters)
    {
        if (values.Length != clusters.Length)
        {
            throw new ArgumentException($"values has {values.Length} entries, clusters {clusters.Length}: one cluster per value.");
        }
        // Sorted: the interval must depend neither on hash order nor on the order of the samples.
        var totals = new SortedDictionary<int, (double Sum, int Size)>();
        for (var i = 0; i < values.Length; i++)
        {
            var (sum, size) = totals.GetValueOrDefault(clusters[i]);
            totals[clusters[i]] = (sum + values[i], size + 1);
        }
        return new ClusteredSample([.. totals.Values.Select(total => total.Sum)], [.. totals.Values.Select(total => total.Size)]);
    }

    /// <summary>Draws as many clusters as there are, with replacement, and takes their mean; again and again.</summary>
    public double[] ResampledMeans(int resamples, NamedRandom random)
    {
        var means = new double[resamples];
        for (var resample = 0; resample < resamples; resample++)
        {
            var (sum, size) = (0.0, 0);
            for (var draw = 0; draw < Count; draw++)
            {
                var cluster = random.Next(Count);
                sum += _sums[cluster];
                size += _sizes[cluster];
            }
            means[resample] = sum / size;
        }
        return means;
    }

    /// <summary>Gets the standard error of the mean as a ratio of two sums over independent clusters (Cochran 1977, section 6.3).</summary>
    public double StandardError() => Math.Sqrt(Deviations().Sum(d => d * d) * Count / (Count - 1.0)) / _sizes.Sum();

    /// <summary>Gets Efron's acceleration, how fast the spread of the mean changes with it, leaving out one cluster at a time.</summary>
    public double Acceleration()
    {
        var (sum, size) = (_sums.Sum(), _sizes.Sum());
        var leftOut = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            leftOut[i] = (sum - _sums[i]) / (size - _sizes[i]);
        }
        var mean = leftOut.Average();
        var squares = leftOut.Sum(value => (mean - value) * (mean - value));
        return squares == 0 ? 0 : leftOut.Sum(value => Math.Pow(mean - value, 3)) / (6 * Math.Pow(squares, 1.5));
    }

    private double[] Deviations() => [.. _sums.Zip(_sizes, (sum, size) => sum - size * Mean)];
}
