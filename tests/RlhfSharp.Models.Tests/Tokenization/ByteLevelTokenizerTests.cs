using System.Text.Json;
using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class ByteLevelTokenizerTests
{
    private static readonly Lazy<Tokenizer> FromJson =
        new(() => TokenizerLoader.LoadJson(TestFiles.SharedData("gpt2-tokenizer", "gpt2-tokenizer.json")));
    private static readonly Lazy<Tokenizer> FromParts = new(() => TokenizerLoader.Load(TestFiles.SharedData("gpt2-tokenizer")));
    private static readonly Lazy<Tokenizer> NeoX =
        new(() => TokenizerLoader.LoadJson(TestFiles.SharedData("gptneox-tokenizer", "20B_tokenizer.json")));

    private static Tokenizer Gpt2 => Skippable(FromJson);

    [Fact]
    public void Encode_Gpt2Vectors_EqualThePublishedIdsFromBothKindsOfFiles()
    {
        TokenizerVectors.AssertIds("ggml-vocab-gpt-2.gguf", Gpt2);
        TokenizerVectors.AssertIds("ggml-vocab-gpt-2.gguf", Skippable(FromParts));
    }

    // MPT uses GPT-NeoX's tokenizer; its vectors need form C and tokens made of spaces.
    [Fact]
    public void Encode_NeoXVectors_EqualThePublishedIds() => TokenizerVectors.AssertIds("ggml-vocab-mpt.gguf", Skippable(NeoX));

    [Fact]
    public void EncodeAndDecode_PublishedFrenchText_EqualThePublishedIdsAndText()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(TestFiles.SharedData("tokenizer-vectors", "gpt2_encoded_tokens.json")));
        var text = json.RootElement.GetProperty("text").GetString()!;
        var ids = json.RootElement.GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();

        Assert.Equal(ids, Gpt2.Encode(text));
        Assert.Equal(text, Gpt2.Decode(ids));
    }

    [Fact]
    public void Decode_OfGeneratedTexts_GivesThemBack() =>
        GeneratedText.Any.Sample(text => Assert.Equal(text, Gpt2.Decode(Gpt2.Encode(text))), iter: 3000, threads: 1);

    [Fact]
    public void Decode_OfGeneratedTexts_WithNormalizer_GivesFormC() => GeneratedText.Any.Sample(
        text => Assert.Equal(CanonicalForms.Compose(text), Skippable(NeoX).Decode(NeoX.Value.Encode(text))), iter: 1000, threads: 1);

    [Fact]
    public void Encode_SpecialTokenInTheText_BecomesThatToken()
    {
        Assert.Equal([.. Gpt2.Encode("a"), 50256, .. Gpt2.Encode(" b")], Gpt2.Encode("a<|endoftext|> b"));
        Assert.Equal("a b", Gpt2.Decode(Gpt2.Encode("a<|endoftext|> b")));
        Assert.Equal("a<|endoftext|> b", Gpt2.Decode(Gpt2.Encode("a<|endoftext|> b"), skipSpecialTokens: false));
    }

    [Fact]
    public void Encode_AddedTokensOfSpaces_TakesTheLongest() =>
        // 24 and 3 spaces: ids 50254 and 50275 of GPT-NeoX.
        Assert.Equal([66, 50254, 50275, 67], Skippable(NeoX).Encode($"a{new string(' ', 27)}b"));

    [Fact]
    public void Encode_HalfASurrogatePair_IsTheReplacementCharacter() => Assert.Equal(Gpt2.Encode("a\uFFFDb"), Gpt2.Encode("a\uD83Db"));

    [Theory]
    [InlineData(-1)]
    [InlineData(50257)]
    public void Decode_IdOutsideTheVocabulary_IsAnError(int id) =>
        Assert.Contains("0 to 50256", Assert.Throws<ArgumentOutOfRangeException>(() => Gpt2.Decode([id])).Message, StringComparison.Ordinal);

    [Fact]
    public void Roles_OfOpenAisFiles_AreThoseOfGpt2()
    {
        var tokenizer = Skippable(FromParts);
        Assert.Equal((50257, 50256, 50256, null), (tokenizer.VocabularySize, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
        Assert.Equal((50256, 262, null), (tokenizer.IdOf("<|endoftext|>"), tokenizer.IdOf("Ġthe"), tokenizer.IdOf("<pad>")));
    }

    // Merges in sight: 'Ġ l', 'Ġl o', 'Ġlo w', 'e r'. Letters without a token become <unk> (19), one for each of their bytes.
    [Fact]
    public void Encode_SmallVocabularyWithUnknownToken_FollowsItsMerges()
    {
        var tokenizer = TokenizerLoader.Load(TestFiles.SharedData("tiny-gpt2-lmbuddy"));
        Assert.Equal([14, 15, 10, 9, 3, 2, 15], tokenizer.Encode(" lower newer"));
        Assert.Equal([0, 19, 19, 19, 1], tokenizer.Encode("lxäo"));
        Assert.Equal((21, 20, 20, null), (tokenizer.VocabularySize, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
    }

    [Fact]
    public void Encode_AgainstObviousReference_IsEqualWithAndWithoutTheLibrary()
    {
        var path = TestFiles.SharedData("gpt2-tokenizer", "gpt2-tokenizer.json");
        var definition = new TokenizerJsonReader(File.ReadAllBytes(path), path).ReadBytePairs();
        var encoder = new BytePairEncoder(definition);
        var ranks = definition.Merges.Index().ToDictionary(merge => merge.Item, merge => merge.Index);
        Gen.OneOf(GeneratedText.Any, GeneratedText.Runs).Sample(text =>
        {
            var word = text[..Math.Min(text.Length, 60)];
            word = char.IsHighSurrogate(word.LastOrDefault()) ? word[..^1] : word;
            List<string> bytes = [.. ByteAlphabet.Write(word).Select(character => character.ToString())];
            var expected = SlowMerge(bytes, ranks).Select(token => definition.Vocabulary[token]).ToList();
            var (withLibrary, without) = (new TokenWriter(traces: false), new TokenWriter(traces: false));
            encoder.Encode(word, withLibrary);
            encoder.EncodeBytes(word, without);
            Assert.Equal(expected, withLibrary.Ids);
            Assert.Equal(expected, without.Ids);
        }, iter: 3000, threads: 1);
    }

    // A tenth of a megabyte without a border between words takes seconds where the time grows with the square of the length.
    [Theory]
    [InlineData("a")]
    [InlineData("abcdefghijklmnopqrstuvwxyzthequickbrownfox")]
    [InlineData("\u0301")]
    [InlineData("🦙")]
    public void Encode_LongTextWithoutSpaces_TakesTimeInProportion(string unit)
    {
        var tokenizer = Gpt2;
        LinearTime.AssertFor(unit, text => tokenizer.Encode(text));
        var text = LinearTime.Text(unit, 100_000);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Theory]
    [InlineData("gpt2-tokenizer")]
    [InlineData("tiny-gpt2-lmbuddy")]
    public void Save_ThenLoad_GivesTheSameTokenizer(string folder)
    {
        using var target = TestFiles.NewFolder();
        var tokenizer = TokenizerLoader.Load(TestFiles.SharedData(folder));
        tokenizer.Save(target.Path);
        var loaded = TokenizerLoader.Load(target.Path);

        Assert.Equal(tokenizer.Encode(" lower newest"), loaded.Encode(" lower newest"));
        Assert.Equal((tokenizer.BosId, tokenizer.EosId, tokenizer.PadId), (loaded.BosId, loaded.EosId, loaded.PadId));
        Assert.True(File.Exists(target.File("vocab.json")) && File.Exists(target.File("merges.txt")));
    }

    [Fact]
    public void RequireFits_ModelSmallerThanTokenizer_NamesBothSizesAndTheFolder()
    {
        Gpt2.RequireFits(50257, "models/a");
        Gpt2.RequireFits(50304, "models/a");
        var message = Assert.Throws<InputException>(() => Gpt2.RequireFits(512, "models/a")).Message;
        Assert.Contains("'models/a'", message, StringComparison.Ordinal);
        Assert.Contains("50257", message, StringComparison.Ordinal);
        Assert.Contains("512", message, StringComparison.Ordinal);
    }

    // Each data file is skipped by its own test, not by whichever came first.
    private static Tokenizer Skippable(Lazy<Tokenizer> tokenizer)
    {
        TestFiles.SharedData("gpt2-tokenizer");
        return tokenizer.Value;
    }

    private static List<string> SlowMerge(List<string> parts, Dictionary<(string Left, string Right), int> ranks)
    {
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, parts.Count - 1))
                .Where(i => ranks.ContainsKey((parts[i], parts[i + 1])))
                .OrderBy(i => ranks[(parts[i], parts[i + 1])]).ThenBy(i => i).Select(i => (int?)i).FirstOrDefault();
            if (best is not { } at)
            {
                return parts;
            }
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }
}
