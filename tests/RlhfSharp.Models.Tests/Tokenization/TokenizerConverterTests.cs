using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class TokenizerConverterTests
{
    private static readonly Gen<string> Texts = Gen.Select(
        Gen.OneOf(GeneratedText.Any, GeneratedText.Runs), GeneratedText.OneOf("", "</s>", "<s>", "[SEP]", "[CLS]", "<unk>", "<0x41>"), GeneratedText.Any,
        (before, token, behind) => before + token + behind);

    [Theory]
    [InlineData("mistral-tokenizer", "tokenizer.model.v1")]
    [InlineData("deberta-v3-tokenizer", "spm.model")]
    public void Convert_RealModel_GivesTheSameIdsAndTextForThousandsOfStrings(string folder, string name)
    {
        var path = TestFiles.SharedData(folder, name);
        var (original, converted) = (TokenizerLoader.LoadSentencePiece(path), TokenizerConverter.Convert(path));

        Assert.Equal(
            (original.VocabularySize, original.BosId, original.EosId, original.PadId, original.ClsId, original.SepId),
            (converted.VocabularySize, converted.BosId, converted.EosId, converted.PadId, converted.ClsId, converted.SepId));
        Texts.Sample(
            text =>
            {
                var ids = original.Encode(text);
                Assert.Equal(ids, converted.Encode(text));
                Assert.Equal(original.Decode(ids), converted.Decode(ids));
                Assert.Equal(original.Decode(ids, skipSpecialTokens: false), converted.Decode(ids, skipSpecialTokens: false));
                Assert.Equal(original.EncodeWithSpecialTokens(text, "b"), converted.EncodeWithSpecialTokens(text, "b"));
            },
            iter: 5000, threads: 1);
    }

    // Any ids, also such that no text has, become the same text.
    [Theory]
    [InlineData("mistral-tokenizer", "tokenizer.model.v1")]
    [InlineData("deberta-v3-tokenizer", "spm.model")]
    public void Convert_RealModel_DecodesAnyIdsAlike(string folder, string name)
    {
        var path = TestFiles.SharedData(folder, name);
        var (original, converted) = (TokenizerLoader.LoadSentencePiece(path), TokenizerConverter.Convert(path));
        Gen.OneOf(Gen.Int[0, 300], Gen.Int[0, original.VocabularySize - 1]).Array[0, 20]
            .Sample(ids => Assert.Equal(original.Decode(ids), converted.Decode(ids)), iter: 3000, threads: 1);
    }

    [Fact]
    public void Convert_SmallModelsOfEveryKind_GiveTheSameIds()
    {
        var flags = Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool);
        var pieces = Gen.Select(GeneratedText.OneOf("a", "b", "ab", "▁", "▁a", "ba", "aa", "▁▁", "aba", "▁ab"), Gen.Int[1, 40]).Array[1, 10];
        Gen.Select(flags, pieces, GeneratedText.OneOf("a", "b", " ", "▁", "ä", "<s>", "aab").Array[0, 12].Select(string.Concat)).Sample((flag, entries, text) =>
        {
            var (isUnigram, addsPrefix, removesSpaces, hasBytes) = flag;
            var file = new SentencePieceFile
            {
                ModelType = isUnigram ? 1 : 2,
                AddsDummyPrefix = addsPrefix,
                RemovesExtraSpaces = removesSpaces,
                FallsBackToBytes = hasBytes,
            };
            // A piece of two is made of pieces: models that were trained have all of them. Scores differ, as theirs do.
            foreach (var (letters, index) in entries.Select(entry => entry.Item1).Concat(["a", "b", "▁"]).Distinct().Select((letters, index) => (letters, index)))
            {
                file.Add(letters, -1 - index - (letters.Length == 1 ? 100 : 0));
            }
            var original = file.ToTokenizer();
            var converted = TokenizerConverter.Convert(file.ToFiles());
            Assert.Equal(original.Encode(text), converted.Encode(text));
        }, iter: 3000, threads: 1);
    }

    // What the remarks of Convert promise, and what is different.
    [Fact]
    public void Convert_NotLegacy_PutsNoSecondSpaceBeforeASpace()
    {
        var file = new SentencePieceFile().Add("▁", -5).Add("a", -6).Add("▁a", -2);
        const string Config = """{"legacy": false}""";
        var (original, converted) = (file.ToTokenizer(Config), TokenizerConverter.Convert(file.ToFiles(Config)));
        foreach (var text in new[] { "a", "a a", "a<s>a", "<s>a", "<s> a" })
        {
            Assert.Equal(original.Encode(text), converted.Encode(text));
        }
        Assert.Equal([original.IdOf("▁")!.Value, original.IdOf("▁a")!.Value], original.Encode(" a"));
        Assert.Equal([original.IdOf("▁a")!.Value], converted.Encode(" a"));
    }

    [Fact]
    public void Convert_UserDefinedPiece_IsAnAddedTokenBehindWhichATextBeginsAnew()
    {
        var file = new SentencePieceFile().Add("▁", -5).Add("a", -6).Add("▁a", -2).Add("bb", 0, SentencePieceKind.UserDefined);
        var (original, converted) = (file.ToTokenizer(), TokenizerConverter.Convert(file.ToFiles()));
        int Id(string piece) => original.IdOf(piece)!.Value;
        Assert.Equal([Id("▁a"), Id("bb"), Id("a")], original.Encode("abba"));
        Assert.Equal([Id("▁a"), Id("bb"), Id("▁a")], converted.Encode("abba"));
        Assert.Contains("bb", converted.Decode([Id("bb")], skipSpecialTokens: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_TextThatNormalisationMakesASpecialToken_IsThatToken()
    {
        var path = TestFiles.SharedData("deberta-v3-tokenizer", "spm.model");
        var (original, converted) = (TokenizerLoader.LoadSentencePiece(path), TokenizerConverter.Convert(path));
        Assert.DoesNotContain(original.ClsId!.Value, original.Encode("［CLS］"));
        Assert.Contains(original.ClsId!.Value, converted.Encode("［CLS］"));
    }

    [Fact]
    public void Convert_Folder_KeepsSettingsAndSavesWhatLoadsByItself()
    {
        using var folder = TestFiles.NewFolder();
        using var target = TestFiles.NewFolder();
        File.WriteAllBytes(folder.File("tokenizer.model"), new SentencePieceFile().Add("▁a", -1).Add("▁", -9).Add("a", -8).ToBytes());
        File.WriteAllText(folder.File("tokenizer_config.json"), """
            {"tokenizer_class": "LlamaTokenizer", "add_eos_token": true, "pad_token": "<unk>", "chat_template": "x", "truncation_side": "left",
             "added_tokens_decoder": {"262": {"content": "<end>", "special": true, "lstrip": true}}}
            """);

        TokenizerConverter.Convert(folder.Path).Save(target.Path);

        var (original, converted) = (TokenizerLoader.Load(folder.Path), TokenizerLoader.Load(target.Path));
        Assert.False(File.Exists(target.File("tokenizer.model")));
        Assert.Equal(original.Encode("a <end>a"), converted.Encode("a <end>a"));
        Assert.Equal([1, 259, 2], converted.EncodeWithSpecialTokens("a").Select(token => token.Id));
        Assert.Equal((1, 2, 0, "x", TruncationSide.Left), (converted.BosId, converted.EosId, converted.PadId, converted.ChatTemplate, converted.TruncationSide));
    }

    [Fact]
    public void Convert_FolderWithoutModel_NamesWhatIsExpected()
    {
        using var folder = TestFiles.NewFolder();
        Assert.Contains("spm.model", Assert.Throws<InputException>(() => TokenizerConverter.Convert(folder.Path)).Message, StringComparison.Ordinal);
    }
}
