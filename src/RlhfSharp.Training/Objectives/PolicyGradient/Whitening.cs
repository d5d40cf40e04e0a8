namespace RlhfSharp.Training.Objectives;

/// <summary>Brings numbers to unit variance.</summary>
public static class Whitening
{
    private const double Epsilon = 1e-8;   // TRL, trlX

    /// <summary>Scales numbers by 1/√(variance + 10⁻⁸), with the unbiased variance of all of them.</summary>
    /// <param name="values">Real tokens' only, all of a round at once.</param>
    /// <param name="shiftsMean">Whether the mean becomes 0; otherwise it stays what it is.</param>
    /// <returns>In the same shape. A single number has no variance and stays.</returns>
    public static double[][] Apply(IReadOnlyList<double[]> values, bool shiftsMean = true)
    {
        var count = values.Sum(row => row.Length);
        if (count < 2)
        {
            return [.. values.Select(row => row.ToArray())];
        }
        var mean = values.Sum(row => row.Sum()) / count;
        var variance = values.Sum(row => row.Sum(value => (value - mean) * (value - mean))) / (count - 1);
        var scale = 1 / Math.Sqrt(variance + Epsilon);
        return [.. values.Select(row => Array.ConvertAll(row, value => (value - mean) * scale + (shiftsMean ? 0 : mean)))];
    }
}
