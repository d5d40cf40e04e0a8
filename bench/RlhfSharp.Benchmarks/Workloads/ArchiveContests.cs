using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>The archives that are measured.</summary>
internal static class ArchiveContests
{
    private const int GridSide = 50;
    private static readonly string[] Genres = ["haiku", "sonnet", "ballad", "limerick", "hymn"];
    private static readonly string[] Tones = ["happy", "dark", "mysterious", "romantic", "reflective"];

    /// <summary>Makes a grid of 50 x 50.</summary>
    public static IContest Grid(int solutions, int batch) => new ArchiveContest<int>(
        solutions,
        batch,
        () => new GridArchive<double[]>([NumericAxis.Uniform("x", -1, 1, GridSide), NumericAxis.Uniform("y", -1, 1, GridSide)]),
        random => 2 * random.NextDouble() - 1,
        (measures, row) => Bin(measures[row, 0]) * GridSide + Bin(measures[row, 1]),
        cell => cell);

    /// <summary>Makes an archive of two axes of five labels.</summary>
    public static IContest Categorical(int solutions)
    {
        var axes = new[] { new CategoricalAxis("genre", Genres), new CategoricalAxis("tone", Tones) };
        return new ArchiveContest<(string, string)>(
            solutions,
            solutions,
            () => new CategoricalArchive<double[]>(axes),
            random => random.Next(Genres.Length),
            (measures, row) => (Genres[(int)measures[row, 0]], Tones[(int)measures[row, 1]]),
            cell => Array.IndexOf(Genres, cell.Item1) * Tones.Length + Array.IndexOf(Tones, cell.Item2));
    }

    /// <summary>Makes an archive of centroids; the plain rendering compares with every one of them.</summary>
    public static IContest Cvt(int solutions, int batch, int cells)
    {
        var centroids = CvtCentroids.Spread([(-1, 1), (-1, 1)], cells, seed: 0);
        var points = centroids.Points.Select(point => (X: point[0], Y: point[1])).ToArray();
        return new ArchiveContest<int>(
            solutions,
            batch,
            () => new CvtArchive<double[]>(centroids),
            random => 2 * random.NextDouble() - 1,
            (measures, row) => Nearest(points, measures[row, 0], measures[row, 1]),
            cell => cell);
    }

    private static int Bin(double value) => Math.Clamp((int)(GridSide * (value + 1) / 2), 0, GridSide - 1);

    private static int Nearest((double X, double Y)[] points, double x, double y)
    {
        var (best, distance) = (0, double.PositiveInfinity);
        for (var i = 0; i < points.Length; i++)
        {
            var found = (points[i].X - x) * (points[i].X - x) + (points[i].Y - y) * (points[i].Y - y);
            (best, distance) = found < distance ? (i, found) : (best, distance);
        }
        return best;
    }
}
