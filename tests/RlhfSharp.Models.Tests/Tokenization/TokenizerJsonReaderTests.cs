using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class TokenizerJsonReaderTests
{
    // 'a' 0, 'b' 1, 'ab' 2, '1' 3, 'Ġ' 4, <e> 5.
    private const string Valid = """
        {
          "added_tokens": [{"id": 5, "content": "<e>", "special": true, "normalized": false, "single_word": false, "lstrip": false, "rstrip": false}],
          "normalizer": null,
          "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
          "decoder": {"type": "ByteLevel"},
          "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "1": 3, "Ġ": 4, "<e>": 5}, "merges": ["a b"]}
        }
        """;

    [Fact]
    public void Read_MergesInBothForms_AreTheSame()
    {
        Assert.Equal([2, 0, 5, 2], Load(Valid).Encode("aba<e>ab"));
        Assert.Equal([2, 0, 5, 2], Load(Changed("model.merges", """[["a", "b"]]""")).Encode("aba<e>ab"));
    }

    [Fact]
    public void Read_AddedTokenThatStrips_SwallowsWhiteSpace()
    {
        var tokenizer = Load(Changed("added_tokens", """[{"id": 5, "content": "<e>", "special": true, "lstrip": true, "rstrip": false}]"""));
        Assert.Equal([0, 5, 4, 1], tokenizer.Encode("a \n <e> b"));
    }

    [Fact]
    public void Read_SequenceOfDigitsAndByteLevel_CutsDigits()
    {
        var tokenizer = Load(Changed("pre_tokenizer", """
            {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true}, {"type": "ByteLevel", "add_prefix_space": false}]}
            """));
        Assert.Equal([3, 3, 2], tokenizer.Encode("11ab"));
    }

    [Fact]
    public void Read_IgnoreMerges_TakesAWordThatIsAToken()
    {
        var json = Changed("model", """{"type": "BPE", "ignore_merges": true, "vocab": {"a": 0, "b": 1, "ba": 2}, "merges": []}""");
        Assert.Equal([2], Load(Removed(json, "added_tokens")).Encode("ba"));
    }

    [Fact]
    public void Encode_CharacterWithoutTokenNorUnknownToken_IsAnErrorThatNamesIt()
    {
        var message = Assert.Throws<InputException>(() => Load(Valid).Encode("abz")).Message;
        Assert.Contains("'z' (byte 0x7A)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_UnknownBytesInARow_FuseWhereTheFileSaysSo()
    {
        Assert.Equal([0, 3, 3, 1], Load(Changed("model.unk_token", "\"1\"")).Encode("aäb"));
        Assert.Equal([0, 3, 1], Load(Changed("model.fuse_unk", "true", Changed("model.unk_token", "\"1\""))).Encode("aäb"));
    }

    [Theory]
    [InlineData("model.type", "\"WordPiece\"", "'WordPiece'")]
    [InlineData("model.byte_fallback", "true", "byte_fallback")]
    [InlineData("model.dropout", "0.1", "dropout")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "</w>")]
    [InlineData("model.merges", """["a c"]""", "'c'")]
    [InlineData("model.merges", """["b a"]""", "'ba'")]
    [InlineData("model.merges", """["a b c"]""", "model.merges[0]")]
    [InlineData("model.merges", """["a b", "a b"]""", "listed before")]
    [InlineData("model.merges", "7", "model.merges")]
    [InlineData("model.vocab", """{"a": 0, "b": 0}""", "model.vocab.b")]
    [InlineData("model.vocab", """{"a": -1}""", "model.vocab.a")]
    [InlineData("model.vocab", """{"a": 2000000000}""", "model.vocab.a")]
    [InlineData("model.vocab", "{}", "holds no tokens")]
    [InlineData("model.vocab", """{"a": 0, "b": 1, "ab": 2, "▁x": 3}""", "'▁x'")]
    [InlineData("model.unk_token", "\"<unk>\"", "'<unk>'")]
    [InlineData("normalizer", """{"type": "StripAccents"}""", "'StripAccents'")]
    [InlineData("normalizer", """{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "BertNormalizer"}]}""", "'BertNormalizer'")]
    [InlineData("pre_tokenizer", """{"type": "BertPreTokenizer"}""", "'BertPreTokenizer'")]
    [InlineData("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}, {"type": "Digits"}]}""", "one ByteLevel")]
    [InlineData("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Digits"}, {"type": "ByteLevel"}]}""", "add_prefix_space")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated", "invert": false}""", "'('")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Merged", "invert": false}""",
        "'pre_tokenizer.behavior' is 'Merged'; allowed are Removed, Isolated")]
    [InlineData("decoder", """{"type": "WordPiece"}""", "'WordPiece'")]
    [InlineData("added_tokens", """[{"id": 5, "content": ""}]""", "without text")]
    [InlineData("added_tokens", """[{"id": 5, "content": "<e>"}, {"id": 5, "content": "<f>"}]""", "share the id 5")]
    [InlineData("added_tokens", """[{"content": "<e>"}]""", "added_tokens[0]")]
    [InlineData("added_tokens", """[{"id": 5, "content": "\ud800"}]""", "surrogate")]
    public void Read_WhatIsBrokenOrNotImplemented_IsAnErrorThatNamesIt(string key, string value, string expected)
    {
        var message = Assert.Throws<InputException>(() => Load(Changed(key, value))).Message;
        Assert.Contains("tokenizer.json", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"model\": {\"type\": \"BPE\", ")]
    [InlineData("{}")]
    public void Read_BrokenJson_IsAnErrorThatNamesTheFile(string json) =>
        Assert.Contains("tokenizer.json", Assert.Throws<InputException>(() => Load(json)).Message, StringComparison.Ordinal);

    private static Tokenizer Load(string json)
    {
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.Json, Encoding.UTF8.GetBytes(json));
        return TokenizerLoader.Create(files);
    }

    // Replaces the text of one value, so that values may be wrong in any way.
    private static string Changed(string key, string value, string json = Valid)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        var parent = key.StartsWith("model.", StringComparison.Ordinal) ? root["model"]!.AsObject() : root;
        parent[key.Replace("model.", string.Empty, StringComparison.Ordinal)] = "PLACE";
        return root.ToJsonString().Replace("\"PLACE\"", value, StringComparison.Ordinal);
    }

    private static string Removed(string json, string key)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        root.Remove(key);
        return root.ToJsonString();
    }
}
