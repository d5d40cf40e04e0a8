using System.Security.Cryptography;
using System.Text;

// RlhfSharp.QualityDiversity stands alone: it compiles this file too, and keeps it to itself.
#if QUALITY_DIVERSITY
namespace RlhfSharp.QualityDiversity;
#else
namespace RlhfSharp.Models.Runtime;
#endif

/// <summary>Random numbers that depend on a name only: (seed, purpose, index). Two generators with one name draw the same numbers.</summary>
/// <remarks>Every draw in RlhfSharp comes from here, so that resuming, batching and the order of work change nothing. The sequence is
/// SplitMix64 (Steele, Lea, Flood 2014) started from a hash of the name; it is the same on every platform.</remarks>
#if QUALITY_DIVERSITY
internal
#else
public
#endif
sealed class NamedRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Initializes a generator.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for, for instance <c>shuffle</c>.</param>
    /// <param name="index">Which of several such generators, for instance the epoch.</param>
    public NamedRandom(long seed, string purpose, long index = 0)
    {
        var purposeHash = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(purpose)));
        _state = Mix(Mix(Mix((ulong)seed + Golden) ^ purposeHash) + (ulong)index);
    }

    /// <summary>Gets the number that decides token <paramref name="token"/> of sample <paramref name="sample"/> of a prompt.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="prompt">Index of the prompt.</param>
    /// <param name="sample">Index of the sample of that prompt.</param>
    /// <param name="token">Index of the new token, from 0.</param>
    /// <returns>From 0 up to, not including, 1.</returns>
    public static double Uniform(long seed, long prompt, long sample, long token)
    {
        var state = Mix((ulong)seed + Golden);
        state = Mix(state + (ulong)prompt * Golden);
        state = Mix(state + (ulong)sample * Golden + 1);
        return ToUnit(Mix(state + (ulong)token * Golden + 2));
    }

    /// <summary>Draws 64 random bits.</summary>
    /// <returns>Any value, all equally likely.</returns>
    public ulong NextUInt64() => Mix(_state += Golden);

    /// <summary>Draws a number.</summary>
    /// <returns>From 0 up to, not including, 1, in steps of 2⁻⁵³.</returns>
    public double NextDouble() => ToUnit(NextUInt64());

    /// <summary>Draws a whole number.</summary>
    /// <param name="exclusiveMaximum">Greater than 0.</param>
    /// <returns>From 0 up to, not including, <paramref name="exclusiveMaximum"/>, all equally likely.</returns>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        // 64 random bits against at most 31: the bias of taking the high half of the product is below 2⁻³³.
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Draws from the standard normal distribution (Box and Muller 1958).</summary>
    /// <returns>A number with mean 0 and variance 1.</returns>
    public double NextGaussian() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts the items into a random order, all orders equally likely.</summary>
    /// <typeparam name="T">What is shuffled.</typeparam>
    /// <param name="items">Changed in place.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Next(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
