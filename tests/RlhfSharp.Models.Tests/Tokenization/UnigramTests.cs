using System.Text;
using CsCheck;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class UnigramTests
{
    private static string DebertaFile => TestFiles.SharedData("deberta-v3-tokenizer", "spm.model");

    [Fact]
    public void Encode_RandomVocabularies_TheBestOfAllCuts()
    {
        // Scores are different powers of two: no two cuts have the same sum by rounding.
        var piece = Gen.Select(Gen.Char["abc"].Array[1, 3].Select(letters => new string(letters)), Gen.Int[1, 60]);
        Gen.Select(piece.Array[1, 12], Gen.Char["abcd"].Array[1, 8].Select(letters => new string(letters))).Sample((pieces, text) =>
        {
            var file = new SentencePieceFile { ModelType = 1, AddsDummyPrefix = false };
            var scores = pieces.DistinctBy(entry => entry.Item1).ToDictionary(entry => entry.Item1, entry => -entry.Item2 * 1.0009765625);
            foreach (var (letters, score) in scores)
            {
                file.Add(letters, (float)score);
            }
            var tokenizer = file.ToTokenizer();
            var unknown = scores.Values.Min() - 10;

            var ids = tokenizer.Encode(text);

            Assert.Equal(text, tokenizer.Decode(ids));
            var best = Best(text, scores, unknown);
            var own = ids.Select(id => scores.TryGetValue(tokenizer.Decode([id]), out var score) ? score : unknown).Sum();
            Assert.Equal(best, own, 1e-3);
        }, iter: 2000, threads: 1);
    }

    [Fact]
    public void Encode_UnknownRunWithoutBytes_IsOneUnknownPiece()
    {
        var tokenizer = new SentencePieceFile { ModelType = 1, FallsBackToBytes = false, AddsDummyPrefix = false }.Add("a", -1).ToTokenizer();

        Assert.Equal([tokenizer.IdOf("a")!.Value, 0, tokenizer.IdOf("a")!.Value], tokenizer.Encode("axyza"));
    }

    // Where Microsoft.ML.Tokenizers 2.0.1 gives the ids of other words.
    [Theory]
    [InlineData("\u0085", 1, "<0xC2>", "<0x85>")]
    [InlineData("🦙", 1, "<0xF0>", "<0x9F>", "<0xA6>", "<0x99>")]
    public void Encode_Deberta_CharacterWithoutPieceBecomesItsBytes(string text, int first, params string[] pieces)
    {
        var tokenizer = TokenizerLoader.LoadSentencePiece(DebertaFile);

        Assert.Equal(pieces.Select(piece => tokenizer.IdOf(piece)!.Value), tokenizer.Encode(text).Skip(first));
    }

    [Fact]
    public void Encode_Deberta_AsTheObviousReference()
    {
        var tokenizer = TokenizerLoader.LoadSentencePiece(DebertaFile);
        var reference = new SlowUnigram(SentencePieceModel.Read(File.ReadAllBytes(DebertaFile), DebertaFile));
        Gen.OneOf(GeneratedText.Any, GeneratedText.Runs).Sample(text => Assert.Equal(reference.Encode(text), tokenizer.Encode(text)), iter: 4000, threads: 1);
    }

    [Theory]
    [InlineData("ﬁne", "fine")]
    [InlineData("Ａ１", "A1")]
    [InlineData("a\u00A0b\tc\nd", "a b c d")]
    [InlineData("e\u0301", "é")]
    [InlineData("①", "1")]
    public void Normalize_Deberta_CompatibilityCharactersAreReplaced(string text, string plain)
    {
        var tokenizer = TokenizerLoader.LoadSentencePiece(DebertaFile);

        Assert.Equal(tokenizer.Encode(plain), tokenizer.Encode(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("\u0005\u0000\u0000\u0000abcd")]
    [InlineData("\u00ff\u00ff\u00ff\u007fabcd")]
    public void TryRead_DamagedMap_IsNull(string bytes) => Assert.Null(CharacterMap.TryRead(Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public void Apply_GeneratedMaps_NeverFails() => Gen.Byte.Array[8, 200].Sample(bytes =>
    {
        bytes[0] = (byte)((bytes.Length - 4) / 4 * 4);
        (bytes[1], bytes[2], bytes[3]) = (0, 0, 0);
        CharacterMap.TryRead(bytes)!.Apply(new TracedText("Any text ﬁ 🦙", TextOrigin.At(0)), TextStart.Nothing);
    }, iter: 3000, threads: 1);

    [Fact]
    public void Encode_LongTextWithoutSpaces_TakesTimeInProportion()
    {
        var tokenizer = TokenizerLoader.LoadSentencePiece(DebertaFile);
        LinearTime.AssertFor("the", text => tokenizer.Encode(text));
    }

    private static double Best(string text, Dictionary<string, double> scores, double unknown) =>
        text.Length == 0 ? 0 : Enumerable.Range(1, text.Length)
            .Select(length => (Score: scores.TryGetValue(text[..length], out var score) ? score : length == 1 ? unknown : double.NegativeInfinity, length))
            .Where(cut => !double.IsNegativeInfinity(cut.Score))
            .Max(cut => cut.Score + Best(text[cut.length..], scores, unknown));
}
