using System.Globalization;

namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>The centres of a centroidal Voronoi tessellation: points that spread evenly over a box.</summary>
/// <remarks>Cells mean something only beside the centroids that made them: save them, and load them to continue or to compare.</remarks>
public sealed class CvtCentroids
{
    private CvtCentroids(double[][] points) => Points = points;

    /// <summary>Gets the points, <c>[cells][measures]</c>.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Points { get; }

    internal double[][] Rows => (double[][])Points;

    /// <summary>Spreads centroids over a box with Lloyd's k-means on uniform samples (Vassiliades, Chatzilygeroudis and Mouret 2018).</summary>
    /// <param name="ranges">Low and high end of each measure.</param>
    /// <param name="cells">How many centroids, from 1.</param>
    /// <param name="seed">The same seed gives the same centroids.</param>
    /// <param name="samples">Points that are clustered; null for 10 per cell and at least 1,000.</param>
    /// <param name="iterations">Rounds of Lloyd's algorithm at most; it stops earlier when no point changes its centroid.</param>
    /// <returns>The centroids.</returns>
    /// <exception cref="ArgumentException">A range is empty or not finite, or there are fewer samples than cells.</exception>
    public static CvtCentroids Spread(IReadOnlyList<(double Low, double High)> ranges, int cells, long seed, int? samples = null, int iterations = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        ArgumentOutOfRangeException.ThrowIfZero(ranges.Count, nameof(ranges));
        foreach (var (low, high) in ranges)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Check.Finite(high), Check.Finite(low), nameof(ranges));
        }
        var count = samples ?? Math.Max(1000, 10 * cells);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, cells, nameof(samples));
        var random = new NamedRandom(seed, "cvt-samples");
        var points = new double[count][];
        for (var i = 0; i < count; i++)
        {
            points[i] = [.. ranges.Select(range => range.Low + random.NextDouble() * (range.High - range.Low))];
        }
        // The samples are uniform already, so the first of them are a fair start.
        var centroids = points[..cells].Select(point => (double[])point.Clone()).ToArray();
        var nearest = new int[count];
        Array.Fill(nearest, -1);
        for (var iteration = 0; iteration < iterations && Assign(points, centroids, nearest); iteration++)
        {
            Average(points, nearest, centroids);
        }
        return new CvtCentroids(centroids);
    }

    /// <summary>Takes given points as centroids.</summary>
    /// <param name="points">At least one, all finite and with the same number of measures, <c>[cells][measures]</c>.</param>
    /// <returns>The centroids.</returns>
    /// <exception cref="ArgumentException">There is no point, or one differs in length or is not finite.</exception>
    public static CvtCentroids Of(IReadOnlyList<IReadOnlyList<double>> points)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points.Count, nameof(points));
        double[][] rows = [.. points.Select(point => point.ToArray())];
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].Length != rows[0].Length || rows[row].Length == 0 || !Check.AreFinite(rows[row]))
            {
                throw new ArgumentException($"Centroid {row} must have {rows[0].Length} finite coordinates, at least one.", nameof(points));
            }
        }
        return new CvtCentroids(rows);
    }

    /// <summary>Writes the centroids as text: a line each, numbers separated by commas, exact to the last bit.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var row in Rows)
        {
            writer.Write(string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
            writer.Write('\n');
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="name">What messages call it, for instance the file's path.</param>
    /// <returns>The centroids.</returns>
    /// <exception cref="FormatException">A line holds something else than numbers, or another count than the first line, or there is no line.</exception>
    public static CvtCentroids Load(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var rows = new List<double[]>();
        while (reader.ReadLine() is { } line)
        {
            var row = line.Split(',').Select(text => double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : double.NaN).ToArray();
            if (!Check.AreFinite(row) || (rows.Count > 0 && row.Length != rows[0].Length))
            {
                throw new FormatException($"{name}:{rows.Count + 1}: expected {(rows.Count > 0 ? rows[0].Length : "one or more")} finite numbers separated by commas.");
            }
            rows.Add(row);
        }
        return rows.Count > 0 ? new CvtCentroids([.. rows]) : throw new FormatException($"{name} is empty; expected one centroid per line.");
    }

    private static bool Assign(double[][] points, double[][] centroids, int[] nearest)
    {
        var search = new NearestPoint(centroids);
        var changed = false;
        for (var i = 0; i < points.Length; i++)
        {
            var found = search.Find(points[i]);
            changed |= found != nearest[i];
            nearest[i] = found;
        }
        return changed;
    }

    private static void Average(double[][] points, int[] nearest, double[][] centroids)
    {
        var counts = new int[centroids.Length];
        var sums = centroids.Select(centroid => new double[centroid.Length]).ToArray();
        for (var i = 0; i < points.Length; i++)
        {
            counts[nearest[i]]++;
            for (var j = 0; j < points[i].Length; j++)
            {
                sums[nearest[i]][j] += points[i][j];
            }
        }
        for (var cell = 0; cell < centroids.Length; cell++)
        {
            if (counts[cell] > 0)   // one that lost all its points stays where it is
            {
                centroids[cell] = [.. sums[cell].Select(sum => sum / counts[cell])];
            }
        }
    }
}
