using System.CommandLine;
using System.Globalization;

namespace RlhfSharp.Cli;

/// <summary>Limits of options that are numbers.</summary>
internal static class NumberOption
{
    /// <summary>Allows numbers within limits, both included; the option may be left out.</summary>
    public static void Between<T>(this Option<T?> option, T minimum, T maximum)
        where T : struct, IComparable<T>, IFormattable =>
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T?>() is { } value && (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}; it must be from {minimum} to {maximum}."));
            }
        });

    /// <summary>Allows numbers from a limit up.</summary>
    public static void AtLeast<T>(this Option<T> option, T minimum)
        where T : struct, IComparable<T>, IFormattable =>
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is var value && value.CompareTo(minimum) < 0)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}; it must be {minimum} or more."));
            }
        });
}
