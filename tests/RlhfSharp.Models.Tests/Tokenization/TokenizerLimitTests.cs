using System.Text;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>A small <c>tokenizer.json</c> cannot fill the memory or take for ever: what would is an error.</summary>
public sealed class TokenizerLimitTests
{
    private const string Doubling = """{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}""";

    [Theory]
    [InlineData(1, "")]
    [InlineData(60, "makes more than")]
    [InlineData(101, "'normalizer' has more than 100 parts")]
    public void Normalizers_EachOfWhichDoublesTheText_AreRefusedBeforeTheMemoryIsFull(int count, string expected) =>
        AssertRefused(Json(normalizer: Sequence("normalizers", Doubling, count)), new string('a', 100), expected);

    [Theory]
    [InlineData(900, "")]
    [InlineData(100_000, "would become more than")]
    public void Prepend_OfABook_IsRefused(int length, string expected) =>
        AssertRefused(Json(normalizer: $$"""{"type": "Prepend", "prepend": "{{new string('a', length)}}"}"""), "a", expected);

    [Fact]
    public void PreTokenizers_ThousandsOfThem_AreRefused() =>
        AssertRefused(Json(words: Sequence("pretokenizers", """{"type": "Digits"}""", 50_000)), "a", "'pre_tokenizer' has more than 100 parts");

    // A hundred in a hundred, so that no list is long.
    [Fact]
    public void PreTokenizers_ThousandsInSequencesOfSequences_AreRefused() => AssertRefused(
        Json(words: Sequence("pretokenizers", Sequence("pretokenizers", """{"type": "Digits"}""", 90), 90)), "a", "'pre_tokenizer' has more than 100 parts");

    [Fact]
    public void Decoders_EachOfWhichDoublesAPiece_AreRefused() => AssertRefused(
        Json(decoder: Sequence("decoders", """{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}""", 60)), "a", "characters of the piece 'a'");

    [Theory]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": ""}""")]
    [InlineData("words", """{"type": "Split", "pattern": {"Regex": "(a|aa)+$"}, "behavior": "Isolated", "invert": false}""")]
    public void Expression_ThatTriesEveryWay_IsRefusedSoon(string where, string part) => AssertRefused(
        where == "words" ? Json(words: part) : Json(normalizer: part), new string('a', 60) + "!", "takes too long on a text of 61 characters");

    [Fact]
    public void Expression_OfManyPages_IsRefused() => AssertRefused(
        Json(words: $$"""{"type": "Split", "pattern": {"Regex": "{{new string('a', 10_001)}}"}, "behavior": "Isolated", "invert": false}"""), "a", "an expression of 10001 characters");

    [Theory]
    [InlineData(1000, "")]
    [InlineData(1001, "has a piece of 1001 characters")]
    public void UnigramPiece_AsLongAsABook_IsRefused(int length, string expected) =>
        AssertRefused(Json(model: $$"""{"type": "Unigram", "unk_id": 0, "vocab": [["<u>", 0], ["{{new string('a', length)}}", -1]]}"""), "a", expected);

    [Fact]
    public void Json_ThousandsDeep_IsRefused() =>
        AssertRefused(Json(normalizer: new string('[', 100_000) + new string(']', 100_000)), "a", "not valid JSON");

    [Fact]
    public void AddedToken_ListedTwice_IsOneWhereItIsTheSameAndAnErrorOtherwise()
    {
        const string Token = """{"id": 2, "content": "<m>", "special": true}""";
        AssertRefused(Json(added: $"[{Token}, {Token}]"), "a<m>", expected: "");
        AssertRefused(Json(added: $"[{Token}, {Token.Replace("true", "false", StringComparison.Ordinal)}]"), "a", "'added_tokens[1]' is '<m>', which was listed before");
    }

    [Fact]
    public void Key_WithHalfACharacter_IsAnErrorThatNamesThePlace() =>
        AssertRefused(Json(normalizer: """{"type": "NFC", "\ud800": 1}"""), "a", "'normalizer' has a key with half a surrogate pair");

    [Fact]
    public void Value_WithHalfACharacterWhereATableIsExpected_IsAnError() =>
        AssertRefused(Json(normalizer: """{"type": "Precompiled", "precompiled_charsmap": "\ud800"}"""), "a", "'normalizer.precompiled_charsmap' holds half a surrogate pair");

    [Fact]
    public void Value_OfTheWrongTypeThatIsNotUtf8_IsAnErrorThatSaysSo()
    {
        var json = Encoding.UTF8.GetBytes(Json(model: """{"type": "BPE", "vocab": ["?"], "merges": []}"""));
        json[Array.IndexOf(json, (byte)'?')] = 0xFF;
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.Json, json);
        Assert.Contains("'model.vocab' is something that is not written in UTF-8, expected an object", Assert.Throws<InputException>(() => TokenizerLoader.Create(files)).Message, StringComparison.Ordinal);
    }

    // An empty expectation: it is a tokenizer.
    private static void AssertRefused(string json, string text, string expected)
    {
        if (expected.Length == 0)
        {
            Assert.NotEmpty(Encode(json, text));
            return;
        }
        Assert.Contains(expected, Assert.Throws<InputException>(() => Encode(json, text)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<int> Encode(string json, string text)
    {
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.Json, Encoding.UTF8.GetBytes(json));
        return TokenizerLoader.Create(files).Encode(text);
    }

    private static string Sequence(string members, string part, int count) => $$"""{"type": "Sequence", "{{members}}": [{{string.Join(", ", Enumerable.Repeat(part, count))}}]}""";

    private static string Json(
        string normalizer = "null",
        string words = "null",
        string decoder = """{"type": "Fuse"}""",
        string model = """{"type": "Unigram", "unk_id": 0, "vocab": [["<u>", 0], ["a", -1]]}""",
        string added = "[]") =>
        $$"""{"added_tokens": {{added}}, "normalizer": {{normalizer}}, "pre_tokenizer": {{words}}, "decoder": {{decoder}}, "model": {{model}}}""";
}
