using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RlhfSharp.QualityDiversity;

/// <summary>Checks of arguments; messages name the array, its shape and the shape that is wanted.</summary>
internal static class Check
{
    public static void Length(int length, int expected, string meaning, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length != expected)
        {
            var array = name.Split('.')[0];
            throw new ArgumentException($"{array} has shape [{length}], expected [{expected}]: {meaning}.", array);
        }
    }

    /// <summary>Checks a matrix and returns its numbers row by row.</summary>
    public static ReadOnlySpan<double> Rows(double[,] matrix, int rows, IReadOnlyList<string> columns, [CallerArgumentExpression(nameof(matrix))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(matrix, name);
        if (matrix.GetLength(0) != rows || matrix.GetLength(1) != columns.Count)
        {
            var (actual, expected) = ($"[{matrix.GetLength(0)}, {matrix.GetLength(1)}]", $"[{rows}, {columns.Count}]");
            throw new ArgumentException(
                $"{name} has shape {actual}, expected {expected}: one row per solution, columns {string.Join(", ", columns)}.", name);
        }
        return matrix.Length == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref matrix[0, 0], matrix.Length);
    }

    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number.");

    public static bool AreFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }
        return true;
    }
}
