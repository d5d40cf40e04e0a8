using System.Globalization;

namespace RlhfSharp.Cli;

/// <summary>Shows which share of some work is done.</summary>
internal sealed class ShareProgress : IProgress<double>, IDisposable
{
    private readonly ProgressLine _line;
    private double _share;

    /// <summary>Begins to show.</summary>
    /// <param name="error">Where to.</param>
    /// <param name="work">What the work is called.</param>
    public ShareProgress(TextWriter error, string work) => _line = new ProgressLine(error, elapsed => Describe(work, Volatile.Read(ref _share), elapsed));

    public void Report(double value) => Volatile.Write(ref _share, value);

    public void Dispose() => _line.Dispose();

    private static string Describe(string work, double share, TimeSpan elapsed)
    {
        var left = share == 0 ? "unknown time" : (elapsed * ((1 - share) / share)).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"  {work}: {share:P0}, {left} left");
    }
}
