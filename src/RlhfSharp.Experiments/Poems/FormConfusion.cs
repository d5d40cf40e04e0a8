namespace RlhfSharp.Experiments.Poems;

/// <summary>How often poems of each label were judged to have each form.</summary>
public sealed class FormConfusion
{
    private readonly SortedDictionary<string, int[]> _counts = new(StringComparer.Ordinal);

    /// <summary>Gets the labels met so far, the most frequent first; ties by name.</summary>
    public IReadOnlyList<string> Labels => [.. _counts.Keys.OrderByDescending(label => _counts[label].Sum())];

    /// <summary>Counts a poem.</summary>
    /// <param name="label">What it is called.</param>
    /// <param name="judged">What it was judged to be.</param>
    public void Add(string label, PoemForm judged)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        if (!_counts.TryGetValue(label, out var row))
        {
            _counts[label] = row = new int[Enum.GetValues<PoemForm>().Length];
        }
        row[(int)judged]++;
    }

    /// <summary>Gets a count.</summary>
    /// <param name="label">What the poems are called.</param>
    /// <param name="judged">What they were judged to be.</param>
    /// <returns>How many there are, from 0.</returns>
    public int this[string label, PoemForm judged] => _counts.TryGetValue(label, out var row) ? row[(int)judged] : 0;
}
