namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>By how much the mean of a group of texts differs between two generators that answer the same requests.</summary>
internal static class MeanChange
{
    /// <summary>Estimates mean after − mean before.</summary>
    /// <param name="before">Request and value of each text of the group, in the first map; a request occurs once.</param>
    /// <param name="after">The same of the other map.</param>
    /// <returns>The difference. Both answers to a request vary together where both lie in the group, and the standard error allows for that: with all requests in both it is the paired one,
    /// √(Σ(d − d̄)² / (n (n − 1))); with none, Welch's. It has as many degrees of freedom as the smaller side has texts, less one, which is a little too careful where not all are paired.</returns>
    public static GroupEstimate Of<TRequest>(IReadOnlyCollection<(TRequest Request, double Value)> before, IReadOnlyCollection<(TRequest Request, double Value)> after)
        where TRequest : notnull
    {
        var smaller = Math.Min(before.Count, after.Count);
        if (smaller == 0)
        {
            return new GroupEstimate(before.Count + after.Count, 0, null, null);
        }
        var difference = after.Average(one => one.Value) - before.Average(one => one.Value);
        return new GroupEstimate(before.Count + after.Count, smaller, difference, smaller < 2 ? null : StandardError(before, after));
    }

    // What each request adds to the difference beyond its share.
    private static double StandardError<TRequest>(IReadOnlyCollection<(TRequest Request, double Value)> before, IReadOnlyCollection<(TRequest Request, double Value)> after)
        where TRequest : notnull
    {
        var parts = new Dictionary<TRequest, double>();
        foreach (var (side, sign) in new[] { (before, -1), (after, 1) })
        {
            var mean = side.Average(one => one.Value);
            var scale = sign / Math.Sqrt(side.Count * (side.Count - 1.0));
            foreach (var (request, value) in side)
            {
                parts[request] = parts.GetValueOrDefault(request) + scale * (value - mean);
            }
        }
        return Math.Sqrt(parts.Values.Sum(part => part * part));
    }
}
