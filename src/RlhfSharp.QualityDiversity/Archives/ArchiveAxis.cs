namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>One measure of a grid, cut into bins.</summary>
public abstract class ArchiveAxis
{
    private protected ArchiveAxis(string name, int bins)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        (Name, Bins) = (name, bins);
    }

    /// <summary>Gets the measure's name.</summary>
    public string Name { get; }

    /// <summary>Gets the number of bins, from 1.</summary>
    public int Bins { get; }

    /// <summary>Gets what the bins are called, <c>[bins]</c>.</summary>
    public abstract IReadOnlyList<string> Labels { get; }

    /// <summary>Finds the bin of a value.</summary>
    /// <param name="value">Finite.</param>
    /// <returns>From 0 up to, not including, <see cref="Bins"/>. Values beyond the ends fall into the first or the last bin.</returns>
    public abstract int BinOf(double value);
}
