using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class TextPairEncoderTests
{
    [Fact]
    public void Encode_TextAndPair_StandBetweenTheirMarkers()
    {
        var tokenizer = Letters();
        var encoder = new TextPairEncoder(tokenizer, maxTokens: 20);

        AssertEncoded(tokenizer, "[CLS]ab[SEP]", isCut: false, encoder.Encode("ab"));
        AssertEncoded(tokenizer, "[CLS]ab[SEP]c[SEP]", isCut: false, encoder.Encode("ab", "c"));
    }

    [Theory]
    [InlineData("aaaaaaaaaa", "bb", 10, "[CLS]aaaaa[SEP]bb[SEP]")]
    [InlineData("aa", "bbbbbbbbbb", 10, "[CLS]aa[SEP]bbbbb[SEP]")]
    [InlineData("aaaaaaaa", "bbbbbbbb", 10, "[CLS]aaa[SEP]bbbb[SEP]")]
    [InlineData("aaaaaaaaa", "bbbbbbbb", 10, "[CLS]aaaa[SEP]bbb[SEP]")]
    public void Encode_TooLong_CutsTheLongerFirst(string first, string second, int room, string expected)
    {
        var tokenizer = Letters();

        AssertEncoded(tokenizer, expected, isCut: true, new TextPairEncoder(tokenizer, room).Encode(first, second));
    }

    [Theory]
    [InlineData("left", null, "[CLS]cab[SEP]", "[CLS]bc[SEP]ca[SEP]")]
    [InlineData("right", null, "[CLS]abc[SEP]", "[CLS]ab[SEP]ab[SEP]")]
    [InlineData("right", TruncationSide.Left, "[CLS]cab[SEP]", "[CLS]bc[SEP]ca[SEP]")]
    [InlineData("left", TruncationSide.Right, "[CLS]abc[SEP]", "[CLS]ab[SEP]ab[SEP]")]
    public void Encode_TooLong_CutsTheSideOfTheTokenizerUnlessToldOtherwise(string configured, TruncationSide? told, string one, string pair)
    {
        var tokenizer = Letters($", \"truncation_side\": \"{configured}\"");

        AssertEncoded(tokenizer, one, isCut: true, new TextPairEncoder(tokenizer, maxTokens: 5, told).Encode("abcab"));
        AssertEncoded(tokenizer, pair, isCut: true, new TextPairEncoder(tokenizer, maxTokens: 7, told).Encode("abc", "abca"));
    }

    [Fact]
    public void Load_UnknownTruncationSide_IsRefused() => Assert.Contains(
        "is 'middle'; allowed are left and right", Assert.Throws<InputException>(() => Letters(", \"truncation_side\": \"middle\"")).Message, StringComparison.Ordinal);

    [Fact]
    public void Share_AnySizes_FillsTheRoomAndNeverMore() => Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[0, 60]).Sample((first, second, room) =>
    {
        var (one, other) = TextPairEncoder.Share(first, second, room);
        Assert.InRange(one, 0, first);
        Assert.InRange(other, 0, second);
        Assert.Equal(Math.Min(room, first + second), one + other);
    });

    [Fact]
    public void New_TokenizerWithoutMarkers_IsRefused() => Assert.Contains(
        "cls_token", Assert.Throws<InputException>(() => new TextPairEncoder(TokenizerFactory.FromCharacters("ab", "<e>", "<p>"), 10)).Message, StringComparison.Ordinal);

    private static void AssertEncoded(Tokenizer tokenizer, string expected, bool isCut, (IReadOnlyList<int> Ids, bool IsCut) actual)
    {
        Assert.Equal(tokenizer.Encode(expected), actual.Ids);
        Assert.Equal(isCut, actual.IsCut);
    }

    private static Tokenizer Letters(string settings = "") => new SentencePieceFile { AddsDummyPrefix = false }.Add("a", -1).Add("b", -2).Add("c", -3)
        .Add("[CLS]", 0, SentencePieceKind.Control).Add("[SEP]", 0, SentencePieceKind.Control).ToTokenizer($$"""{"cls_token": "[CLS]", "sep_token": "[SEP]"{{settings}}}""");
}
