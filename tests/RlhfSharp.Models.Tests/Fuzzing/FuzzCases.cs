using System.Globalization;

namespace RlhfSharp.Models.Tests.Fuzzing;

/// <summary>How many damaged files are tried. RLHFSHARP_FUZZ_CASES sets it.</summary>
internal static class FuzzCases
{
    private const int Few = 4000;

    /// <summary>Gets the number of files of each kind.</summary>
    public static int PerKind => int.TryParse(Environment.GetEnvironmentVariable("RLHFSHARP_FUZZ_CASES"), CultureInfo.InvariantCulture, out var cases) ? cases / 4 : Few;
}
