using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Draws with given weights.</summary>
internal static class Weighted
{
    /// <summary>Draws an index.</summary>
    /// <param name="weights">At least one, all above 0.</param>
    /// <param name="random">Where the number comes from.</param>
    public static int Draw(IReadOnlyList<double> weights, NamedRandom random)
    {
        var rest = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Count - 1; i++)
        {
            rest -= weights[i];
            if (rest < 0)
            {
                return i;
            }
        }
        return weights.Count - 1;
    }
}
