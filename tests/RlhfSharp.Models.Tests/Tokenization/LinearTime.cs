using System.Diagnostics;
using System.Text;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>Tells time that grows with the length of a text from time that grows with its square.</summary>
internal static class LinearTime
{
    public static string Text(string unit, int bytes) => string.Concat(Enumerable.Repeat(unit, bytes / Encoding.UTF8.GetByteCount(unit)));

    /// <summary>Ten times the text may take 25 times as long: about 10 is linear, 40 and more were measured where it is not.</summary>
    public static void AssertFor(string unit, Action<string> encode)
    {
        var (small, large) = (Fastest(() => encode(Text(unit, 10_000))), Fastest(() => encode(Text(unit, 100_000))));
        Assert.True(large < 25 * small + TimeSpan.FromMilliseconds(100), $"10 kB took {small}, 100 kB {large}.");
    }

    // The fastest of three: other processes only ever make it slower.
    private static TimeSpan Fastest(Action action) => Enumerable.Range(0, 3).Min(_ =>
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed;
    });
}
