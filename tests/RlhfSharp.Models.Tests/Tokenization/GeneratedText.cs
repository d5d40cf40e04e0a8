using CsCheck;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>Texts that are hard on tokenizers: runs, white space, control characters, marks, emoji of several code points, all planes.</summary>
internal static class GeneratedText
{
    private static readonly Gen<string> AnyScalar =
        Gen.Int[0, 0x10F7FF].Select(value => char.ConvertFromUtf32(value < 0xD800 ? value : value + 0x800));

    public static Gen<string> Any { get; } = Mixed(AnyScalar);

    /// <summary>Gets texts without U+2581, which SentencePiece cannot tell from a space.</summary>
    public static Gen<string> WithoutSpaceMark { get; } = Any.Select(text => text.Replace('▁', '_'));

    /// <summary>Gets texts of few different letters, in which merges compete.</summary>
    public static Gen<string> Runs { get; } =
        Gen.OneOf(OneOf("a", "b", "e", "t", " ", "=", "-", "1"), Run("aetx =-.")).Array[0, 40].Select(string.Concat);

    private static Gen<string> Mixed(Gen<string> scalar) => Gen.OneOf(
        scalar,
        OneOf("Hello", " world", "don't", "'LL", " 3.14", "1234567", "Äpfel", "नमस्ते", "កាន់", "我想", "عربى", "e\u0301", "각", "ﬁ", "𝒳𝒴"),
        OneOf("🦙", "😶‍🌫️", "👩🏽‍🚀", "🇩🇪", "✅", "\u200D", "\uFE0F", "\u0301"),
        Gen.Char['\0', '\u009F'].Select(value => value.ToString()),
        Gen.Char['a', 'z'].Select(value => value.ToString()),
        Run("aZ =-_'\n\t1é好"),
        OneOf(" ", "  ", "   ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "\u2028")).Array[0, 25].Select(string.Concat);

    private static Gen<string> Run(string characters) =>
        Gen.Select(OneOf(characters.ToCharArray()), Gen.Int[2, 20], (character, count) => new string(character, count));

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
