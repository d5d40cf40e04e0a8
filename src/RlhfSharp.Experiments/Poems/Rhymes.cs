namespace RlhfSharp.Experiments.Poems;

/// <summary>Tells whether two English words rhyme, from their spelling.</summary>
/// <remarks>Final <c>s</c> and <c>z</c>, and the two sounds of <c>th</c>, are not told apart. Stress is guessed: words of two syllables that end in a weak one
/// (<c>merry</c>, <c>river</c>, <c>singing</c>) must agree from the vowel before it; in longer words the last syllable counts as stressed as well, as poets do.</remarks>
public static class Rhymes
{
    /// <summary>Compares two words.</summary>
    /// <param name="first">A word; only its part after the last hyphen counts.</param>
    /// <param name="second">Another.</param>
    /// <returns>How they rhyme.</returns>
    public static RhymeKind Match(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new RhymingWord(first).Match(new RhymingWord(second));
    }
}
