using CsCheck;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class TokenSpanTests
{
    private const int Cases = 3000;

    private static readonly Gen<string> Texts = Gen.OneOf(GeneratedText.Any, GeneratedText.Runs);

    [Fact]
    public void EncodeWithSpans_Gpt2_TokensDecodeToWhatTheyCover() => AssertCovers(Gpt2(), text => text, putsSpaceFirst: false);

    [Fact]
    public void EncodeWithSpans_NeoX_TokensDecodeToFormCOfWhatTheyCover() => AssertCovers(
        TokenizerLoader.LoadJson(TestFiles.SharedData("gptneox-tokenizer", "20B_tokenizer.json")), CanonicalForms.Compose, putsSpaceFirst: false);

    [Fact]
    public void EncodeWithSpans_Mistral_TokensDecodeToWhatTheyCover()
    {
        var path = TestFiles.SharedData("mistral-tokenizer", "tokenizer.model.v1");
        AssertCovers(TokenizerLoader.LoadSentencePiece(path), text => text.Replace('▁', ' '), putsSpaceFirst: true);
        AssertCovers(TokenizerConverter.Convert(path), text => text.Replace('▁', ' '), putsSpaceFirst: true);
    }

    // DeBERTa's normalisation takes spaces and some characters away: whatever no token covers is nothing by itself.
    [Fact]
    public void EncodeWithSpans_Deberta_LeavesOutOnlyWhatNormalisationTakesAway()
    {
        var tokenizer = TokenizerLoader.LoadSentencePiece(TestFiles.SharedData("deberta-v3-tokenizer", "spm.model"));
        Texts.Sample(text =>
        {
            var spans = AssertOrdered(tokenizer, text);
            var isCovered = new bool[text.Length];
            foreach (var span in spans)
            {
                Array.Fill(isCovered, true, span.Start, span.End - span.Start);
            }
            var at = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                Assert.Equal(isCovered[at], isCovered[at + rune.Utf16SequenceLength - 1]);
                Assert.True(isCovered[at] || tokenizer.Encode(rune.ToString()).Count == 0, $"U+{rune.Value:X4} is lost.");
                at += rune.Utf16SequenceLength;
            }
        }, iter: Cases, threads: 1);
    }

    // 'ﬁ' is one character that becomes two; 'e' and its accent are two that become one; the second of two spaces and the last one vanish with the first.
    [Fact]
    public void EncodeWithSpans_Deberta_CountsInTheTextAsItCame()
    {
        var tokenizer = TokenizerLoader.LoadSentencePiece(TestFiles.SharedData("deberta-v3-tokenizer", "spm.model"));
        var text = " ﬁne  cafe\u0301 🦙 ";
        var spans = tokenizer.EncodeWithSpans(text);
        Assert.Equal(["ﬁne", "  cafe\u0301", " ", "🦙", "🦙", "🦙", "🦙"], spans.Select(span => text[span.Start..span.End]));
    }

    // The accent (class 230) and the mark of Chakma (class 9) change places in form C; as many units stand there as before.
    [Fact]
    public void EncodeWithSpans_MarksThatChangePlaces_CoverTheWholeOfThem()
    {
        var tokenizer = TokenizerLoader.LoadJson(TestFiles.SharedData("gptneox-tokenizer", "20B_tokenizer.json"));
        var spans = tokenizer.EncodeWithSpans("q\u0301\U00011133z");
        Assert.All(spans.SkipLast(1), span => Assert.Equal((0, 4), (span.Start, span.End)));
        Assert.Equal((4, 5), (spans[^1].Start, spans[^1].End));
    }

    [Fact]
    public void EncodeWithSpans_SpecialTokensInTheText_CoverThemselvesAndTheWhiteSpaceTheySwallow()
    {
        var tokenizer = Gpt2();
        Assert.Equal([new(64, 0, 1), new(50256, 1, 14), new(275, 14, 16)], tokenizer.EncodeWithSpans("a<|endoftext|> b"));
        Assert.Empty(tokenizer.EncodeWithSpans(""));
    }

    [Fact]
    public void EncodeWithSpans_CharacterOfSeveralTokens_IsCoveredByEach() =>
        Assert.Equal([(0, 1), (1, 3), (1, 3), (1, 3)], Gpt2().EncodeWithSpans("x🦙").Select(span => (span.Start, span.End)));

    [Fact]
    public void EncodeWithSpecialTokens_Pair_SpecialTokensAreNowhereAndEachTextCountsByItself()
    {
        var tokenizer = TokenizerLoader.LoadSentencePiece(TestFiles.SharedData("deberta-v3-tokenizer", "spm.model"));
        var spans = tokenizer.EncodeWithSpecialTokens("yes", "no way");
        Assert.Equal([1, .. tokenizer.Encode("yes"), 2, .. tokenizer.Encode("no way"), 2], spans.Select(span => span.Id));
        Assert.Equal([(0, 0), (0, 3), (0, 0), (0, 2), (2, 6), (6, 6)], spans.Select(span => (span.Start, span.End)));
    }

    [Fact]
    public void EncodeWithSpans_HalfASurrogatePair_KeepsItsPlace() =>
        Assert.Equal(4, Gpt2().EncodeWithSpans("a\uD83Dbc")[^1].End);

    private static Tokenizer Gpt2() => TokenizerLoader.LoadJson(TestFiles.SharedData("gpt2-tokenizer", "gpt2-tokenizer.json"));

    // Nothing is lost, and tokens that share a character, taken together, are what they cover.
    private static void AssertCovers(Tokenizer tokenizer, Func<string, string> normalize, bool putsSpaceFirst)
    {
        var before = tokenizer.IdOf("x")!.Value;   // so that no first space is taken away
        Texts.Sample(text =>
        {
            var spans = AssertOrdered(tokenizer, text);
            var (done, next) = (0, 0);
            while (next < spans.Count)
            {
                var (ids, end) = (new List<int> { before }, spans[next].End);
                Assert.Equal(done, spans[next].Start);
                while (next < spans.Count && (spans[next].Start < end || end == done))
                {
                    end = Math.Max(end, spans[next].End);
                    ids.Add(spans[next++].Id);
                }
                var decoded = tokenizer.Decode(ids)[1..];
                Assert.Equal(normalize(text[done..end]), putsSpaceFirst && done == 0 ? decoded[1..] : decoded);
                done = end;
            }
            Assert.Equal(text.Length, done);
        }, iter: Cases, threads: 1);
    }

    private static IReadOnlyList<TokenSpan> AssertOrdered(Tokenizer tokenizer, string text)
    {
        var spans = tokenizer.EncodeWithSpans(text);
        Assert.Equal(tokenizer.Encode(text), spans.Select(span => span.Id));
        var last = new TokenSpan(0, 0, 0);
        foreach (var span in spans)
        {
            Assert.True(span.Start >= last.Start && span.End >= last.End && span.End >= span.Start && span.End <= text.Length, $"{last}, then {span}");
            last = span;
        }
        return spans;
    }
}
