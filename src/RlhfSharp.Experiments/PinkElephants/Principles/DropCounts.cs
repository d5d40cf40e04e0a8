using System.Collections.Concurrent;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Counts what was left out and why. Safe to call from several threads.</summary>
internal sealed class DropCounts
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts something.</summary>
    /// <param name="step">Where it was left out.</param>
    /// <param name="reason">Why.</param>
    /// <param name="count">How many.</param>
    public void Add(string step, string reason, int count = 1)
    {
        if (count > 0)
        {
            _counts.AddOrUpdate($"{step}: {reason}", count, (_, before) => before + count);
        }
    }

    /// <summary>Gets the counts, in the order of their names: who came first must not show.</summary>
    public IReadOnlyDictionary<string, int> ToSorted() =>
        new OrderedDictionary<string, int>(_counts.OrderBy(count => count.Key, StringComparer.Ordinal), StringComparer.Ordinal);
}
