using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class TokenizerLoaderTests
{
    [Fact]
    public void Load_FolderWithoutTokenizer_NamesWhatIsExpected()
    {
        using var folder = TestFiles.NewFolder();
        Assert.Null(TokenizerLoader.TryLoad(folder.Path));
        Assert.Contains("tokenizer.json", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(folder.File("missing")), StringComparison.Ordinal);
        Assert.Throws<InputException>(() => TokenizerLoader.LoadJson(folder.File("missing.json")));
        Assert.Throws<InputException>(() => TokenizerLoader.LoadSentencePiece(folder.File("missing.model")));
    }

    [Theory]
    [InlineData("vocab.json", "{\"a\": 0}", "merges.txt is missing")]
    [InlineData("merges.txt", "a b", "vocab.json is missing")]
    [InlineData("tokenizer.json", "{", "tokenizer.json")]
    [InlineData("tokenizer.model", "{", "tokenizer.model")]
    public void Load_BrokenFolder_NamesTheFile(string name, string contents, string expected)
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File(name), contents);
        Assert.Contains(expected, Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#version: 0.2\na b\n\nab", "merges.txt:4")]
    [InlineData("a c", "'c'")]
    public void Load_BrokenMerges_NamesTheLineOrTheMerge(string merges, string expected)
    {
        using var folder = Parts(merges);
        Assert.Contains(expected, Refusal(folder.Path), StringComparison.Ordinal);
    }

    // '#' is a letter like any other: only a first line '#version' is a remark.
    [Fact]
    public void Load_MergeOfNumberSigns_IsAMerge()
    {
        using var folder = Parts("#version: 0.2\n# #\r\n");
        Assert.Equal([4], TokenizerLoader.Load(folder.Path).Encode("##"));
    }

    [Theory]
    [InlineData("""{"eos_token": "a", "pad_token": null}""", null, null, 0, null)]
    [InlineData("""{"eos_token": {"content": "b", "lstrip": false}, "bos_token": "a"}""", null, 0, 1, 2)]
    [InlineData(null, """{"eos_token_id": [1, 0], "pad_token_id": 2}""", null, 1, 2)]
    [InlineData("""{"eos_token": null, "pad_token": "a"}""", """{"eos_token_id": 1, "pad_token_id": 2}""", null, null, 0)]
    [InlineData(null, """{"eos_token_id": 99}""", null, null, 2)]
    public void Load_Roles_ComeFromTheFirstFileThatHasThem(string? config, string? generation, int? bos, int? eos, int? pad)
    {
        using var folder = Parts(string.Empty);
        File.WriteAllText(folder.File("config.json"), """{"pad_token_id": 2}""");
        Write("tokenizer_config.json", config);
        Write("generation_config.json", generation);

        var tokenizer = TokenizerLoader.Load(folder.Path);
        Assert.Equal((bos, eos, pad), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));

        void Write(string name, string? text)
        {
            if (text is not null)
            {
                File.WriteAllText(folder.File(name), text);
            }
        }
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"eos_token": "<end>"}""", "'<end>'")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"x": {"content": "c"}}}""", "added_tokens_decoder.x")]
    [InlineData("tokenizer_config.json", """{"eos_token": 7}""", "eos_token")]
    [InlineData("special_tokens_map.json", "[]", "special_tokens_map.json")]
    [InlineData("generation_config.json", """{"eos_token_id": "a"}""", "eos_token_id")]
    public void Load_WrongSettings_NameFileAndKey(string name, string text, string expected)
    {
        using var folder = Parts(string.Empty);
        File.WriteAllText(folder.File(name), text);
        var message = Refusal(folder.Path);
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AddedTokensBesideTheVocabulary_AreTokens()
    {
        using var folder = Parts(string.Empty);
        File.WriteAllText(folder.File("added_tokens.json"), """{"<x>": 7}""");
        File.WriteAllText(folder.File("tokenizer_config.json"),
            """{"added_tokens_decoder": {"6": {"content": "<y>", "special": true}}, "additional_special_tokens": ["<x>"]}""");
        var tokenizer = TokenizerLoader.Load(folder.Path);

        Assert.Equal([0, 7, 6, 1], tokenizer.Encode("a<x><y>b"));
        Assert.Equal(8, tokenizer.VocabularySize);
        Assert.Equal("ab", tokenizer.Decode([0, 7, 6, 1]));
        Assert.Equal("ab", tokenizer.Decode([0, 5, 1])); // No token has the id 5.
    }

    // 'a' 0, 'b' 1, 'ab' 2, '#' 3, '##' 4.
    private static TemporaryFolder Parts(string merges)
    {
        var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("vocab.json"), """{"a": 0, "b": 1, "ab": 2, "#": 3, "##": 4}""");
        File.WriteAllText(folder.File("merges.txt"), merges);
        return folder;
    }

    private static string Refusal(string folder) => Assert.Throws<InputException>(() => TokenizerLoader.Load(folder)).Message;
}
