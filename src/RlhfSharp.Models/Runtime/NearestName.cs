namespace RlhfSharp.Models.Runtime;

/// <summary>Finds the name somebody probably meant.</summary>
public static class NearestName
{
    /// <summary>Ends an error message about an unknown name: the likely intention, then everything that is allowed.</summary>
    /// <param name="name">The name that was given.</param>
    /// <param name="allowed">The names that exist.</param>
    /// <returns>For instance <c>Did you mean 'learningRate'? Allowed: betas, learningRate.</c></returns>
    public static string Hint(string name, IEnumerable<string> allowed)
    {
        var names = allowed.Order(StringComparer.Ordinal).ToList();
        var list = names.Count == 0 ? "Nothing is allowed here." : $"Allowed: {string.Join(", ", names)}.";
        return Find(name, names) is { } nearest ? $"Did you mean '{nearest}'? {list}" : list;
    }

    /// <summary>Finds the name that is fewest edits away, if it is near enough to be a slip.</summary>
    /// <param name="name">The name that was given.</param>
    /// <param name="allowed">The names that exist.</param>
    /// <returns>The nearest name at most a third of the letters (at least two edits) away; null when there is none.</returns>
    public static string? Find(string name, IEnumerable<string> allowed) =>
        allowed
            .Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= Math.Max(2, name.Length / 3))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    // Levenshtein distance, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
