using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Two things of one topic, in no order: either may be what must not be named.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="First">One of them; the one that comes first in the topic's list.</param>
/// <param name="Second">The other.</param>
public sealed record EntityPair(WorldTopic Topic, string First, string Second)
{
    /// <summary>Draws which is the pink elephant.</summary>
    internal (string Avoid, string Prefer) Draw(NamedRandom random) => random.Next(2) == 0 ? (First, Second) : (Second, First);
}
