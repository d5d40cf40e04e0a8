using CsCheck;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class IncrementalDecoderTests
{
    private static readonly string[] Parts = ["\U0001F418", "\u3042", "\u00e9", " ", "  ", "the", " elephant", "\n", "\u05D0", "\U0001F469\u200D\U0001F680", "x"];

    public static TheoryData<string> Tokenizers => ["gpt2", "mistral", "deberta"];

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Add_AnyTokens_PiecesTogetherAreTheDecodedText(string name)
    {
        var tokenizer = Load(name);
        Gen.Int[0, tokenizer.VocabularySize - 1].Array[0, 40].Sample(ids => AssertSame(tokenizer, ids), iter: 2000);
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Add_BytesOfNoCharacter_PiecesTogetherAreTheDecodedText(string name)
    {
        var tokenizer = Load(name);
        var odd = tokenizer.Encode("\u3042\U0001F418\u00e9 \u0007\u05D0a").Where(id => tokenizer.Decode([id]).Contains('\uFFFD', StringComparison.Ordinal)).Append(tokenizer.Encode(" a")[^1]).ToArray();
        Gen.Int[0, odd.Length - 1].Select(index => odd[index]).Array[0, 60].Sample(ids => AssertSame(tokenizer, ids), iter: 2000);
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Add_AnyText_NoPieceHoldsHalfACharacter(string name)
    {
        var tokenizer = Load(name);
        Gen.Int[0, Parts.Length - 1].Select(index => Parts[index]).Array[0, 20].Sample(
            parts =>
            {
                var ids = tokenizer.Encode(string.Concat(parts));
                var decoder = new IncrementalDecoder(tokenizer);
                Assert.All(ids.Select(decoder.Add), piece =>
                {
                    Assert.DoesNotContain('\uFFFD', piece);
                    Assert.True(piece.Length == 0 || !char.IsHighSurrogate(piece[^1]) && !char.IsLowSurrogate(piece[0]));
                });
                Assert.Empty(decoder.Finish());
            },
            iter: 2000);
    }

    [Fact]
    public void Add_CharacterOfFourTokens_AppearsWithTheLast()
    {
        var tokenizer = Load("mistral");   // bytes of what the vocabulary lacks
        var decoder = new IncrementalDecoder(tokenizer);
        var ids = tokenizer.Encode("a\U000E0041b");

        var pieces = ids.Select(decoder.Add).ToList();

        Assert.Equal("a\U000E0041b", string.Concat(pieces));
        Assert.Equal(["", "", "", "\U000E0041", "b"], pieces[^5..]);
    }

    [Fact]
    public void Finish_InsideACharacter_GivesWhatIsThereAndBeginsAnew()
    {
        var tokenizer = Load("mistral");
        var decoder = new IncrementalDecoder(tokenizer);
        var ids = tokenizer.Encode("a\U000E0041");

        Assert.Equal("a", string.Concat(ids.SkipLast(1).Select(decoder.Add)));
        Assert.Equal("\uFFFD", decoder.Finish());
        Assert.Equal("a\U000E0041", string.Concat(ids.Select(decoder.Add)));
    }

    private static void AssertSame(Tokenizer tokenizer, int[] ids)
    {
        var decoder = new IncrementalDecoder(tokenizer, skipSpecialTokens: true);
        Assert.Equal(tokenizer.Decode(ids), string.Concat(ids.Select(decoder.Add)) + decoder.Finish());
    }

    private static Tokenizer Load(string name) => name switch
    {
        "gpt2" => TokenizerLoader.LoadJson(TestFiles.SharedData("gpt2-tokenizer", "gpt2-tokenizer.json")),
        "mistral" => TokenizerLoader.LoadSentencePiece(TestFiles.SharedData("mistral-tokenizer", "tokenizer.model.v1")),
        _ => TokenizerLoader.LoadSentencePiece(TestFiles.SharedData("deberta-v3-tokenizer", "spm.model")),
    };
}
