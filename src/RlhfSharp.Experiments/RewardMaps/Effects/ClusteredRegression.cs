namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Least squares whose rows come in clusters that share something: a line of descent.</summary>
internal sealed class ClusteredRegression
{
    private readonly double[][] _covariance;
    private readonly double[][] _inverse;   // of the rows' products
    private readonly double[][][] _groups;   // the rows of each cluster

    private ClusteredRegression(double[] coefficients, double[][] covariance, double[][] inverse, double[][][] groups) =>
        (Coefficients, _covariance, _inverse, _groups) = (coefficients, covariance, inverse, groups);

    /// <summary>Gets the coefficients, <c>[columns]</c>.</summary>
    public double[] Coefficients { get; }

    /// <summary>Fits a model.</summary>
    /// <param name="rows">What explains, <c>[rows][columns]</c>; a column of ones is the mean.</param>
    /// <param name="values">What is explained, <c>[rows]</c>.</param>
    /// <param name="clusters">The cluster of each row, <c>[rows]</c>.</param>
    /// <returns>The fit; null where columns cannot be told apart, or there are not more clusters than columns.</returns>
    public static ClusteredRegression? Fit(IReadOnlyList<double[]> rows, IReadOnlyList<double> values, IReadOnlyList<long> clusters)
    {
        var groups = Enumerable.Range(0, rows.Count).GroupBy(row => clusters[row]).ToList();
        var columns = rows.Count > 0 ? rows[0].Length : 0;
        if (groups.Count <= columns || Inverse(Products(rows, columns)) is not { } inverse)
        {
            return null;
        }
        var coefficients = Multiply(inverse, [.. Enumerable.Range(0, columns).Select(column => Enumerable.Range(0, rows.Count).Sum(row => rows[row][column] * values[row]))]);
        // The spread of what whole clusters leave unexplained (Liang and Zeger 1986), with Stata's factor for few clusters.
        double[] left = [.. rows.Select((row, index) => values[index] - Dot(row, coefficients))];
        var scores = groups.ConvertAll(group => Enumerable.Range(0, columns).Select(column => group.Sum(row => rows[row][column] * left[row])).ToArray());
        var factor = groups.Count / (groups.Count - 1.0) * (rows.Count - 1.0) / (rows.Count - columns);
        var middle = Products(scores, columns);
        var half = inverse.Select(row => Multiply(middle, row)).ToArray();
        var covariance = half.Select(row => inverse.Select(other => factor * Dot(row, other)).ToArray()).ToArray();
        return new ClusteredRegression(coefficients, covariance, inverse, [.. groups.Select(group => group.Select(row => rows[row]).ToArray())]);
    }

    /// <summary>Computes the standard error of a weighted sum of coefficients.</summary>
    public double StandardError(double[] weights) => Math.Sqrt(Math.Max(0, Dot(weights, Multiply(_covariance, weights))));

    /// <summary>Computes the degrees of freedom of that standard error: the clusters that it rests on, as if all had equal shares, less one.</summary>
    /// <remarks>Satterthwaite's (Σv)²/Σv², with v the share of a cluster in the variance where rows are equally noisy and independent, as Bell and McCaffrey (2002) do. The mean of a cell of ten texts among
    /// a thousand others has nine or so, and not a thousand: with those, tests of cells claim two to three times as often as they may.</remarks>
    public double Degrees(double[] weights)
    {
        var direction = Multiply(_inverse, weights);
        double[] shares = [.. _groups.Select(group => group.Sum(row => Math.Pow(Dot(row, direction), 2)))];
        var squares = shares.Sum(share => share * share);
        return squares > 0 ? Math.Max(1, shares.Sum() * shares.Sum() / squares - 1) : 1;
    }

    /// <summary>Estimates a weighted sum of coefficients.</summary>
    public FitEstimate Estimate(double[] weights) => new(Dot(weights, Coefficients), StandardError(weights), Degrees(weights));

    internal static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] Multiply(double[][] matrix, double[] vector) => [.. matrix.Select(row => Dot(row, vector))];

    private static double[][] Products(IReadOnlyList<double[]> rows, int columns)
    {
        var products = Enumerable.Range(0, columns).Select(_ => new double[columns]).ToArray();
        foreach (var row in rows)
        {
            for (var i = 0; i < columns; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    products[i][j] += row[i] * row[j];
                }
            }
        }
        return products;
    }

    // Gauss and Jordan with the largest pivot of each column; null where there is none worth the name.
    private static double[][]? Inverse(double[][] matrix)
    {
        var size = matrix.Length;
        var work = matrix.Select((row, i) => row.Concat(Enumerable.Range(0, size).Select(j => i == j ? 1.0 : 0.0)).ToArray()).ToArray();
        for (var column = 0; column < size; column++)
        {
            var pivot = Enumerable.Range(column, size - column).MaxBy(row => Math.Abs(work[row][column]));
            if (Math.Abs(work[pivot][column]) < 1e-9 * Math.Max(1, matrix[column][column]))
            {
                return null;
            }
            (work[column], work[pivot]) = (work[pivot], work[column]);
            var by = work[column][column];
            work[column] = [.. work[column].Select(value => value / by)];
            for (var row = 0; row < size; row++)
            {
                if (row != column && work[row][column] is not 0 and var factor)
                {
                    work[row] = [.. work[row].Zip(work[column], (value, other) => value - factor * other)];
                }
            }
        }
        return [.. work.Select(row => row[size..])];
    }
}
