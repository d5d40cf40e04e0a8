using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Metrics;

/// <summary>Every interval and test statistic of RlhfSharp. All intervals are 95%.</summary>
/// <remarks>Which one to use. Inside one seed: <see cref="Wilson"/> for a rate, <see cref="ClusteredMean"/> for a mean. Over seeds:
/// <see cref="StudentT"/> on one value per seed, <see cref="PairedDifference"/> where two methods ran with the same seeds.</remarks>
public static class Statistics
{
    /// <summary>The fewest clusters that <see cref="BootstrapMean"/> accepts; with fewer, resampling says too little.</summary>
    public const int MinimumBootstrapClusters = 10;

    private const int Resamples = 4000;
    private const double Confidence = 0.95;
    private static readonly double NormalQuantile = Distributions.NormalQuantile(0.5 + Confidence / 2);

    /// <summary>Computes the arithmetic mean.</summary>
    /// <param name="values">At least one.</param>
    /// <returns>The mean.</returns>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static double Mean(ReadOnlySpan<double> values)
    {
        RequireAtLeast(1, values.Length, "A mean", "value");
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }
        return sum / values.Length;
    }

    /// <summary>Computes the unbiased standard deviation: the squares are divided by their number less one.</summary>
    /// <param name="values">At least two.</param>
    /// <returns>The standard deviation, in the unit of the values.</returns>
    /// <exception cref="ArgumentException">There are fewer than two values.</exception>
    public static double StandardDeviation(ReadOnlySpan<double> values)
    {
        RequireAtLeast(2, values.Length, "A standard deviation", "value");
        var mean = Mean(values);
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }
        return Math.Sqrt(squares / (values.Length - 1));
    }

    /// <summary>Computes the interval of a rate from independent trials (Wilson 1927, without continuity correction).</summary>
    /// <param name="successes">From 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    /// <returns>Both ends from 0 to 1. Covers the rate in about 95 of 100 data sets, for single rates a little more or less.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or not 0 ≤ successes ≤ trials.</exception>
    public static Interval Wilson(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var rate = (double)successes / trials;
        var z2 = NormalQuantile * NormalQuantile / trials;
        var centre = (rate + z2 / 2) / (1 + z2);
        var half = Math.Sqrt(z2 * (rate * (1 - rate) + z2 / 4)) / (1 + z2);
        // Where all or none succeeded one end is exactly 1 or 0; rounding must not push it past.
        return new Interval(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }

    /// <summary>Computes the quantile of Student's t distribution.</summary>
    /// <param name="probability">Between 0 and 1, both excluded.</param>
    /// <param name="degreesOfFreedom">Greater than 0.</param>
    /// <returns>The number that t stays below with that probability; relative error below 1e-9 for all but extreme arguments.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double StudentTQuantile(double probability, double degreesOfFreedom)
    {
        if (!(probability is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability between 0 and 1, both excluded, is needed.");
        }
        if (!(degreesOfFreedom is > 0 and < double.PositiveInfinity))
        {
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "A number greater than 0 is needed.");
        }
        return Distributions.StudentTQuantile(probability, degreesOfFreedom);
    }

    /// <summary>Computes the chance that Student's t lies at least so far from 0, on either side: the p value of a two-sided test.</summary>
    /// <param name="size">From 0; infinity gives 0.</param>
    /// <param name="degreesOfFreedom">Greater than 0.</param>
    /// <returns>From 0 to 1; not a number where <paramref name="size"/> is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double StudentTTails(double size, double degreesOfFreedom)
    {
        if (size < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "A number from 0 is needed.");   // what is no number passes: its sign bit means nothing
        }
        if (!(degreesOfFreedom is > 0 and < double.PositiveInfinity))
        {
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "A number greater than 0 is needed.");
        }
        return double.IsPositiveInfinity(size) ? 0 : double.IsNaN(size) ? double.NaN : 2 * Distributions.StudentTUpperTail(size, degreesOfFreedom);
    }

    /// <summary>Computes the interval of a mean from few independent values, one per seed (Student 1908).</summary>
    /// <param name="values">At least two.</param>
    /// <returns>Mean ± t·s/√n. Exact for normal values.</returns>
    /// <exception cref="ArgumentException">There are fewer than two values.</exception>
    public static Interval StudentT(ReadOnlySpan<double> values)
    {
        RequireAtLeast(2, values.Length, "An interval over seeds", "value");
        return Around(Mean(values), StandardDeviation(values) / Math.Sqrt(values.Length), values.Length - 1);
    }

    /// <summary>Computes the interval of the mean of <c>first − second</c>, where both were measured with the same seeds.</summary>
    /// <param name="first">One value per seed; at least two.</param>
    /// <param name="second">The other method's, in the same order of seeds.</param>
    /// <returns>Student's interval of the differences, see <see cref="StudentT"/>.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there are fewer than two pairs.</exception>
    public static Interval PairedDifference(ReadOnlySpan<double> first, ReadOnlySpan<double> second) => StudentT(Differences(first, second));

    /// <summary>Computes the interval of a mean whose values come in clusters that share something: a prompt, an entity pair.</summary>
    /// <param name="values">One per sample.</param>
    /// <param name="clusters">The cluster of each sample; any numbers, at least two different ones.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns><see cref="BootstrapMean"/> from <see cref="MinimumBootstrapClusters"/> clusters on. With fewer, Student's interval of the
    /// pooled mean: the spread of the clusters' summed deviations from it, with one degree of freedom less than there are clusters.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there are fewer than two clusters.</exception>
    public static Interval ClusteredMean(ReadOnlySpan<double> values, ReadOnlySpan<int> clusters, long seed)
    {
        var sample = ClusteredSample.Of(values, clusters);
        RequireAtLeast(2, sample.Count, "An interval of a mean", "cluster");
        return sample.Count < MinimumBootstrapClusters
            ? Around(sample.Mean, sample.StandardError(), sample.Count - 1)
            : Bootstrap(sample, seed);
    }

    /// <summary>Computes the interval of a mean by drawing whole clusters anew, 4,000 times.</summary>
    /// <param name="values">One per sample; clusters may differ in size, every sample weighs the same.</param>
    /// <param name="clusters">The cluster of each sample; any numbers, at least <see cref="MinimumBootstrapClusters"/> different ones.</param>
    /// <param name="seed">The run's seed; the same data and seed give the same interval.</param>
    /// <returns>The bias-corrected and accelerated interval (Efron 1987), its levels widened from the normal quantile to
    /// √(n/(n − 1)) times Student's: without that, intervals from 10 or 20 clusters are too narrow (Hesterberg 2015, section 5.3).</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there are too few clusters.</exception>
    public static Interval BootstrapMean(ReadOnlySpan<double> values, ReadOnlySpan<int> clusters, long seed) =>
        Bootstrap(ClusteredSample.Of(values, clusters), seed);

    /// <summary>Computes the interval of the mean of <c>first − second</c> on the same samples, by <see cref="BootstrapMean"/>.</summary>
    /// <param name="first">One value per sample.</param>
    /// <param name="second">The other method's values of the same samples.</param>
    /// <param name="clusters">The cluster of each sample.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>The interval of the differences; it leaves out 0 where the two methods differ beyond chance.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there are too few clusters.</exception>
    public static Interval BootstrapPairedDifference(
        ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<int> clusters, long seed) =>
        BootstrapMean(Differences(first, second), clusters, seed);

    /// <summary>Computes the area under the ROC curve: the chance that a positive scores above a negative, ties counting half.</summary>
    /// <param name="positives">Scores of the positives; at least one, no NaN.</param>
    /// <param name="negatives">Scores of the negatives; at least one, no NaN.</param>
    /// <returns>From 0 to 1; 0.5 where the scores say nothing. The Mann-Whitney U divided by the number of pairs.</returns>
    /// <exception cref="ArgumentException">A side is empty, or a score is NaN.</exception>
    public static double AreaUnderCurve(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives)
    {
        RequireAtLeast(1, Math.Min(positives.Length, negatives.Length), "An area under the curve", "score on each side");
        var (high, low) = (positives.ToArray(), negatives.ToArray());
        Array.Sort(high);
        Array.Sort(low);
        if (double.IsNaN(high[0]) || double.IsNaN(low[0]))   // NaN sorts first
        {
            throw new ArgumentException("An area under the curve needs scores that can be compared; one is NaN.");
        }
        var (below, notAbove, halfWins) = (0, 0, 0.0);
        foreach (var score in high)
        {
            while (below < low.Length && low[below] < score)
            {
                below++;
            }
            while (notAbove < low.Length && low[notAbove] <= score)
            {
                notAbove++;
            }
            halfWins += below + notAbove;
        }
        return halfWins / (2.0 * high.Length * low.Length);
    }

    private static Interval Bootstrap(ClusteredSample sample, long seed)
    {
        RequireAtLeast(MinimumBootstrapClusters, sample.Count, "A bootstrap", "cluster");
        var means = sample.ResampledMeans(Resamples, new NamedRandom(seed, "bootstrap"));
        Array.Sort(means);
        if (means[0] == means[^1])
        {
            return new Interval(sample.Mean, sample.Mean);
        }
        // How far the resampled means lie to one side of the mean, as a normal quantile; ties count half.
        var below = (CountBelow(means, sample.Mean) + CountBelow(means, Math.BitIncrement(sample.Mean))) / (2.0 * Resamples);
        var bias = Distributions.NormalQuantile(Math.Clamp(below, 0.5 / Resamples, 1 - 0.5 / Resamples));
        var acceleration = sample.Acceleration();
        var reach = Math.Sqrt(sample.Count / (sample.Count - 1.0))
            * Distributions.StudentTQuantile(0.5 + Confidence / 2, sample.Count - 1);
        return new Interval(End(-reach), End(reach));

        double End(double z)
        {
            var shifted = bias + z;
            // One huge cluster can push the divisor to 0; the end is then the outermost resample.
            var level = Distributions.NormalCumulative(bias + shifted / Math.Max(1 - acceleration * shifted, 1e-9));
            return SortedQuantile(means, level);
        }
    }

    private static Interval Around(double mean, double standardError, int degreesOfFreedom)
    {
        var half = Distributions.StudentTQuantile(0.5 + Confidence / 2, degreesOfFreedom) * standardError;
        return new Interval(mean - half, mean + half);
    }

    private static double[] Differences(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"first has {first.Length} values, second {second.Length}: paired values come in equal numbers.");
        }
        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = first[i] - second[i];
        }
        return differences;
    }

    private static int CountBelow(double[] sorted, double bound)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < bound ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    // Between the two nearest order statistics, place p·(n + 1) − 1 counted from 0.
    private static double SortedQuantile(double[] sorted, double probability)
    {
        var place = Math.Clamp(probability * (sorted.Length + 1) - 1, 0, sorted.Length - 1);
        var index = (int)place;
        return index + 1 < sorted.Length ? double.Lerp(sorted[index], sorted[index + 1], place - index) : sorted[index];
    }

    private static void RequireAtLeast(int minimum, int count, string what, string unit)
    {
        if (count < minimum)
        {
            throw new ArgumentException($"{what} needs at least {minimum} {unit}{(minimum == 1 ? "" : "s")}, got {count}.");
        }
    }
}
