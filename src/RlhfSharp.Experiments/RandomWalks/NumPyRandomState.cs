namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>Draws the numbers that <c>numpy.random.RandomState(seed)</c> draws, so that data made with NumPy can be made here again.</summary>
/// <remarks>The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) with NumPy's frozen legacy ways of turning its bits into numbers.
/// Only for such data: everything else in RlhfSharp draws from <see cref="Models.Runtime.NamedRandom"/>.</remarks>
public sealed class NumPyRandomState
{
    private const int Size = 624;
    private const int Shift = 397;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    /// <summary>Initializes the generator.</summary>
    /// <param name="seed">NumPy's seed.</param>
    public NumPyRandomState(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Size; i++)
        {
            var previous = _state[i - 1];
            _state[i] = 1812433253 * (previous ^ (previous >> 30)) + (uint)i;
        }
    }

    /// <summary>Draws 32 random bits.</summary>
    /// <returns>Any value, all equally likely.</returns>
    public uint NextUInt32()
    {
        if (_next == Size)
        {
            Renew();
        }
        var bits = _state[_next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9D2C5680;
        bits ^= (bits << 15) & 0xEFC60000;
        return bits ^ (bits >> 18);
    }

    /// <summary>Draws a number as <c>rand()</c> does, from two words.</summary>
    /// <returns>From 0 up to, not including, 1, in steps of 2⁻⁵³.</returns>
    public double NextDouble()
    {
        var high = NextUInt32() >> 5;
        var low = NextUInt32() >> 6;
        return (high * (double)(1 << 26) + low) / (1L << 53);
    }

    /// <summary>Draws a whole number as <c>randint(n)</c> does: masked words until one is small enough.</summary>
    /// <param name="exclusiveMaximum">Greater than 0. For 1, nothing is drawn.</param>
    /// <returns>From 0 up to, not including, <paramref name="exclusiveMaximum"/>.</returns>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        var largest = (uint)exclusiveMaximum - 1;
        if (largest == 0)
        {
            return 0;
        }
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(largest);
        uint drawn;
        do
        {
            drawn = NextUInt32() & mask;
        }
        while (drawn > largest);
        return (int)drawn;
    }

    /// <summary>Draws one item as <c>choice(items)</c> does.</summary>
    /// <typeparam name="T">What is drawn.</typeparam>
    /// <param name="items">At least one; of a single item nothing is drawn.</param>
    /// <returns>One of the items, all equally likely.</returns>
    public T Choice<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    private void Renew()
    {
        for (var i = 0; i < Size; i++)
        {
            var mixed = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7FFFFFFF);
            _state[i] = _state[(i + Shift) % Size] ^ (mixed >> 1) ^ ((mixed & 1) * 0x9908B0DF);
        }
        _next = 0;
    }
}
