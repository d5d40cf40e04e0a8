using System.Text;
using CsCheck;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>The normalizers that are Unicode's: compared with ICU's of Unicode 17 (<c>Oracle/forms.mjs</c>) on 3,000 texts of characters that join, fall apart or
/// change places.</summary>
public sealed class UnicodeFormTests
{
    [Theory]
    [InlineData("NFC", 1)]
    [InlineData("NFD", 2)]
    [InlineData("NFKC", 3)]
    [InlineData("NFKD", 4)]
    [InlineData("Lowercase", 5)]
    public void Apply_GeneratedTexts_AsIcuHasThem(string type, int column)
    {
        var (normalizer, count) = (Normalizer(type), 0);
        foreach (var row in OracleFile.Lines("forms.jsonl.gz").Select(line => line.EnumerateArray().Select(value => value.GetString()).ToArray()))
        {
            var (text, expected) = (row[0]!, row[column] ?? row[0]!);
            Assert.Equal(expected, normalizer.Apply(new TracedText(text, null), TextStart.Nothing).Text);
            Assert.Equal(expected, normalizer.Apply(new TracedText(text, TextOrigin.At(0)), TextStart.Nothing).Text);
            count++;
        }
        Assert.Equal(3000, count);
    }

    // Whatever stretch of the result one takes whose units come from no other place, the stretch of the text that they come from gives it by itself.
    [Theory]
    [InlineData("NFC")]
    [InlineData("NFD")]
    [InlineData("NFKC")]
    [InlineData("NFKD")]
    [InlineData("Lowercase")]
    public void Apply_AnyText_EachStretchComesFromItsOwn(string type)
    {
        var normalizer = Normalizer(type);
        var texts = OracleFile.Lines("forms.jsonl.gz").Select(line => line[0].GetString()!).ToArray();
        Gen.Select(GeneratedText.OneOf(texts), GeneratedText.Any, GeneratedText.OneOf(texts), (one, two, three) => one + two + three).Sample(text =>
        {
            var (formed, origin) = normalizer.Apply(new TracedText(text, TextOrigin.At(0)), TextStart.Nothing);
            var done = 0;
            for (var start = 0; start < formed.Length;)
            {
                var end = start + 1;
                var place = origin!.Value.Of(start, end);
                // Halves of a pair that nothing changed come from a unit each.
                while (end < formed.Length && (origin.Value.Of(end, end + 1).Start < place.End || char.IsLowSurrogate(formed[end])))
                {
                    place = (place.Start, Math.Max(place.End, origin.Value.Of(end, end + 1).End));
                    end++;
                }
                Assert.Equal(done, place.Start);
                Assert.Equal(formed[start..end], normalizer.Apply(new TracedText(text[place.Start..place.End], null), TextStart.Nothing).Text);
                (start, done) = (end, place.End);
            }
            Assert.Equal(text.Length, done);
        }, iter: 3000, threads: 1);
    }

    [Fact]
    public void EncodeWithSpans_LigatureAndCapital_CountInTheTextAsItCame()
    {
        // 'ﬁ' is one character that becomes two, 'İ' one that becomes two, 'Å' of two characters one.
        const string Json = """
            {"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}, "pre_tokenizer": null, "decoder": {"type": "Fuse"},
             "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["f", -1], ["i", -1], ["å", -1], ["i\u0307", -1], ["1", -1]]}}
            """;
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.Json, Encoding.UTF8.GetBytes(Json));
        Assert.Equal(
            [new(1, 0, 1), new(2, 0, 1), new(3, 1, 3), new(4, 3, 4), new(5, 4, 5)],
            TokenizerLoader.Create(files).EncodeWithSpans("ﬁA\u030Aİ①"));
    }

    private static INormalizer Normalizer(string type)
    {
        var json = JsonPart.Parse(Encoding.UTF8.GetBytes($$"""{"type": "{{type}}"}"""), "a file");
        return Assert.Single(NormalizerReader.Read(json));
    }
}
