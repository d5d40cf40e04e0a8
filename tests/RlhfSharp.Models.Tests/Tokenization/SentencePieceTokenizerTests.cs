using System.Text.Json;
using CsCheck;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class SentencePieceTokenizerTests
{
    private static Tokenizer Mistral => TokenizerLoader.LoadSentencePiece(MistralFile);

    private static string MistralFile => TestFiles.SharedData("mistral-tokenizer", "tokenizer.model.v1");

    [Fact]
    public void EncodeAndDecode_GoldenStory_EqualTheTrainedModelsIdsAndText()
    {
        var folder = TestFiles.SharedData("stories260K-hf");
        var tokenizer = TokenizerLoader.Load(folder);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden_greedy.json")));
        var text = json.RootElement.GetProperty("text").GetString()!;
        var ids = json.RootElement.GetProperty("greedy_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();

        Assert.Equal(text, tokenizer.Decode(ids));
        Assert.Equal(ids[1..], tokenizer.Encode(text));
        Assert.Equal((512, 1, 2, null), (tokenizer.VocabularySize, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
    }

    [Fact]
    public void Decode_OfTenThousandGeneratedTexts_GivesThemBack()
    {
        var tokenizer = Mistral;
        GeneratedText.WithoutSpaceMark.Sample(text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))), iter: 10_000, threads: 1);
    }

    // A word with its space is never merged with the one before, so that borders before spaces change nothing.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EncodePieces_CutBeforeSpacesAndAfterSpecialTokens_EqualsTheWhole(bool isConverted)
    {
        var tokenizer = isConverted ? TokenizerConverter.Convert(MistralFile) : Mistral;
        var piece = Gen.OneOf(Gen.Char['a', 'e'].Array[1, 6].Select(letters => " " + new string(letters)), Gen.Const("</s>"), Gen.Const(string.Empty));
        Gen.Select(piece.Array[0, 8], Gen.Enum<TextStart>()).Sample(
            (pieces, before) => Assert.Equal(tokenizer.Encode(string.Concat(pieces), before), tokenizer.EncodePieces(pieces, before).SelectMany(ids => ids)), iter: 2000, threads: 1);
    }

    [Fact]
    public void Encode_AgainstObviousReference_IsEqual()
    {
        var path = MistralFile;
        var tokenizer = TokenizerLoader.LoadSentencePiece(path);
        var reference = new SlowSentencePiece(SentencePieceModel.Read(File.ReadAllBytes(path), path));
        Gen.OneOf(GeneratedText.Any, GeneratedText.Runs).Sample(
            text => Assert.Equal(reference.Encode(text), tokenizer.Encode(text)), iter: 4000, threads: 1);
    }

    // Four equal pairs of x: the leftmost goes first, so that the odd x is left on the right: xx xx x, then xx xxx.
    [Fact]
    public void Encode_RunOfOneLetter_MergesTheLeftmostFirst()
    {
        var tokenizer = new SentencePieceFile { AddsDummyPrefix = false }
            .Add("x", -9).Add("xx", -1).Add("xxx", -2).ToTokenizer();
        Assert.Equal([.. Ids(tokenizer, "xx", "xxx")], tokenizer.Encode("xxxxx"));
        Assert.Equal([.. Ids(tokenizer, "xxx")], tokenizer.Encode("xxx"));
    }

    [Fact]
    public void Encode_Llama2Vectors_EqualThePublishedIds()
    {
        var path = Environment.GetEnvironmentVariable("RLHFSHARP_LLAMA2_TOKENIZER");
        Assert.SkipUnless(path is not null, "needs Llama 2's tokenizer.model, which has a licence of its own: set RLHFSHARP_LLAMA2_TOKENIZER to it");
        TokenizerVectors.AssertIds("ggml-vocab-llama-spm.gguf", TokenizerLoader.LoadSentencePiece(path!));
    }

    [Fact]
    public void Encode_SpecialTokenInTheText_BecomesThatTokenAndTheRestStartsAnew()
    {
        var tokenizer = Mistral;
        Assert.Equal([1, .. tokenizer.Encode("Hello"), 2, .. tokenizer.Encode("world")], tokenizer.Encode("<s>Hello</s>world"));
        Assert.Equal("Hello world", tokenizer.Decode(tokenizer.Encode("<s>Hello</s>world")));
        Assert.Equal("<s> Hello</s> world", tokenizer.Decode(tokenizer.Encode("<s>Hello</s>world"), skipSpecialTokens: false));
    }

    // Transformers, legacy false: only the beginning of the text gets a space of its own.
    [Fact]
    public void Encode_NotLegacy_PutsASpaceBeforeTheTextOnly()
    {
        var tokenizer = Small().ToTokenizer("""{"legacy": false}""");
        Assert.Equal([.. Ids(tokenizer, "▁a"), 1, .. Ids(tokenizer, "a", "b")], tokenizer.Encode("a<s>ab"));
        Assert.Equal([1, .. Ids(tokenizer, "a")], tokenizer.Encode("<s>a"));
        Assert.Equal([.. Ids(Small().ToTokenizer(), "▁a"), 1, .. Ids(tokenizer, "▁a", "b")], Small().ToTokenizer().Encode("a<s>ab"));
    }

    [Fact]
    public void Encode_WithoutDummyPrefix_KeepsTextAndDecodingAsTheyAre()
    {
        var tokenizer = (Small() with { AddsDummyPrefix = false }).ToTokenizer();
        Assert.Equal([.. Ids(tokenizer, "a", "▁a")], tokenizer.Encode("a a"));
        Assert.Equal(" a", tokenizer.Decode(tokenizer.Encode(" a")));
    }

    [Fact]
    public void Encode_ExtraSpaces_AreRemovedWhereTheModelSaysSo()
    {
        var tokenizer = (Small() with { RemovesExtraSpaces = true }).ToTokenizer();
        Assert.Equal([.. Ids(tokenizer, "▁a", "▁a")], tokenizer.Encode("  a   a "));
        Assert.Empty(tokenizer.Encode("   "));
        Assert.Equal([.. Ids(Small().ToTokenizer(), "▁", "▁", "▁a")], Small().ToTokenizer().Encode("  a"));
    }

    [Fact]
    public void Encode_UserDefinedPiece_IsNeverTakenApart()
    {
        var tokenizer = Small().Add("ba", 0, SentencePieceKind.UserDefined).Add("ab", -1).ToTokenizer();
        Assert.Equal([.. Ids(tokenizer, "▁a", "ba", "b")], tokenizer.Encode("abab"));
        Assert.Equal("abab", tokenizer.Decode(tokenizer.Encode("abab")));
    }

    [Fact]
    public void Encode_CharacterWithoutPiece_IsBytesOrUnknown()
    {
        var withBytes = Small().ToTokenizer();
        Assert.Equal([.. Ids(withBytes, "▁", "<0xC3>", "<0xA4>")], withBytes.Encode("ä"));
        var without = (Small() with { FallsBackToBytes = false }).ToTokenizer();
        Assert.Equal([.. Ids(without, "▁"), 0], without.Encode("ä"));
    }

    [Fact]
    public void Decode_BytesThatFormNoCharacter_AreReplaced()
    {
        var tokenizer = Small().ToTokenizer();
        Assert.Equal("a\uFFFDb", tokenizer.Decode([.. Ids(tokenizer, "a", "<0xC3>", "b")]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("the")]
    [InlineData("=")]
    [InlineData("\u0301")]
    public void Encode_LongTextWithoutSpaces_TakesTimeInProportion(string unit)
    {
        var tokenizer = Mistral;
        LinearTime.AssertFor(unit, text => tokenizer.Encode(text));
        var text = LinearTime.Text(unit, 100_000);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Save_ThenLoad_KeepsTheModelByteForByte()
    {
        using var target = TestFiles.NewFolder();
        var tokenizer = Mistral;
        tokenizer.Save(target.Path);

        Assert.Equal(File.ReadAllBytes(MistralFile), File.ReadAllBytes(target.File("tokenizer.model")));
        Assert.Equal(tokenizer.Encode("<s>Hello  world"), TokenizerLoader.Load(target.Path).Encode("<s>Hello  world"));
    }

    private static SentencePieceFile Small() => new SentencePieceFile().Add("▁", -5).Add("a", -6).Add("b", -7).Add("▁a", -2);

    private static IEnumerable<int> Ids(Tokenizer tokenizer, params string[] pieces) => pieces.Select(piece => tokenizer.IdOf(piece)!.Value);
}
