using CsCheck;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class CanonicalFormsTests
{
    [Theory]
    [InlineData("plain é", "plain é")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]                    // The Ångström sign is the letter.
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]      // The dot below (220) goes before the dot above (230).
    [InlineData("a\u0323\u0302", "\u1EAD")]             // Composed in two steps, with or without the marks in order.
    [InlineData("a\u0302\u0323", "\u1EAD")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b")] // The first line of part 1 of Unicode's NormalizationTest.txt that ends so.
    [InlineData("\u0958", "\u0915\u093C")]              // A composition exclusion: only taken apart.
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]        // Hangul letters make a syllable, in two steps.
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]        // A syllable takes one final consonant only.
    [InlineData("\u09C7\u09BE", "\u09CB")]              // Two starters.
    [InlineData("\u09C7\u0334\u09BE", "\u09C7\u0334\u09BE")] // A mark between them stands in the way.
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]  // Beyond U+FFFF.
    [InlineData("\uFB01", "\uFB01")]                    // Compatibility forms stay.
    public void Compose_KnownCases_EqualUnicodesForm(string text, string expected) => Assert.Equal(expected, CanonicalForms.Compose(text));

    [Fact]
    public void Compose_Twice_ChangesNothingMore() => GeneratedText.Any.Sample(
        text => Assert.Equal(CanonicalForms.Compose(text), CanonicalForms.Compose(CanonicalForms.Compose(text))), iter: 2000, threads: 1);
}
