namespace RlhfSharp.Models.Tokenization;

/// <summary>Takes accents off letters, by the Unicode tables of this library: those of the platform are absent where InvariantGlobalization is on.</summary>
public static class PlainLetter
{
    /// <summary>Gets a letter without its accents and other marks.</summary>
    /// <param name="letter">Any character.</param>
    /// <returns><c>e</c> for <c>è</c>; the character itself if it has no such marks.</returns>
    public static char Of(char letter) => letter < '\u00C0' ? letter : CanonicalForms.WithoutMarks(letter);
}
