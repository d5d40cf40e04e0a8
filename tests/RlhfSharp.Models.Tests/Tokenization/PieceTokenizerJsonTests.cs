using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>The <c>tokenizer.json</c> of vocabularies of characters: byte-pair encoding as Llama's, Unigram as T5's.</summary>
public sealed class PieceTokenizerJsonTests
{
    // <unk> 0, <s> 1, '▁' 2, 'a' 3, 'b' 4, '▁a' 5, 'ab' 6, 'é' 7.
    private const string Pairs = """
        {
          "added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true}],
          "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
          "pre_tokenizer": null,
          "post_processor": null,
          "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
            {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
          "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true,
            "vocab": {"<unk>": 0, "<s>": 1, "▁": 2, "a": 3, "b": 4, "▁a": 5, "ab": 6, "é": 7}, "merges": ["▁ a", "a b"]}
        }
        """;

    // Scores: '▁a' costs less than '▁' and 'a', 'ab' less than 'a' and 'b'.
    private const string Unigram = """
        {
          "added_tokens": [{"id": 1, "content": "<s>", "special": true}],
          "normalizer": null,
          "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
          "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
          "model": {"type": "Unigram", "unk_id": 0,
            "vocab": [["<unk>", 0], ["<s>", 0], ["▁", -2], ["a", -2], ["b", -2], ["▁a", -3], ["ab", -2.5], ["é", -4]]}
        }
        """;

    private const string AllBytes = """{"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]}""";

    [Fact]
    public void Encode_LlamasPipeline_PutsASpaceBeforeEveryStretch()
    {
        var tokenizer = Load(Pairs);
        Assert.Equal([5, 4, 5], tokenizer.Encode("ab a"));
        Assert.Equal([2, 5, 1, 5], tokenizer.Encode(" a<s>a"));
        Assert.Equal("ab a", tokenizer.Decode([5, 4, 5]));
        Assert.Equal(" a", tokenizer.Decode([2, 5]));
        Assert.Empty(tokenizer.Encode(""));
    }

    [Theory]
    [InlineData("first", "a<s>a", new[] { 5, 1, 3 })]
    [InlineData("first", "<s>a", new[] { 1, 3 })]
    [InlineData("first", " a", new[] { 5 })]
    [InlineData("always", "a<s>a", new[] { 5, 1, 5 })]
    [InlineData("always", "<s> a", new[] { 1, 5 })]
    [InlineData("never", "a<s>a a", new[] { 3, 1, 3, 5 })]
    public void Encode_Metaspace_PutsTheMarkWhereTheSchemeSays(string scheme, string text, int[] expected)
    {
        var words = $$"""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": false}""";
        Assert.Equal(expected, Load(Changed(Changed(Pairs, "normalizer", "null"), "pre_tokenizer", words)).Encode(text));
    }

    // 'a' after nothing, after a special token, and as the rest of a text.
    [Theory]
    [InlineData("always", new[] { 5, 5, 3 })]
    [InlineData("first", new[] { 5, 3, 3 })]
    [InlineData("never", new[] { 3, 3, 3 })]
    public void Encode_BehindSomething_PutsTheMarkWhereTheSchemeSays(string scheme, int[] expected)
    {
        var words = $$"""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": false}""";
        var tokenizer = Load(Changed(Changed(Pairs, "normalizer", "null"), "pre_tokenizer", words));
        Assert.Equal(expected, Enum.GetValues<TextStart>().SelectMany(before => tokenizer.Encode("a", before)));
    }

    // Older files: a flag instead of a scheme.
    [Theory]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "str_rep": "▁", "add_prefix_space": true}""", new[] { 5, 1, 5 })]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "add_prefix_space": false}""", new[] { 3, 1, 3 })]
    public void Encode_OldMetaspace_GoesByItsFlag(string words, int[] expected) =>
        Assert.Equal(expected, Load(Changed(Changed(Pairs, "normalizer", "null"), "pre_tokenizer", words)).Encode("a<s>a"));

    // A piece that spans words, '▁▁', is only found where words are not cut.
    [Theory]
    [InlineData("true", new[] { 2, 5 })]
    [InlineData("false", new[] { 8, 3 })]
    public void Encode_MetaspaceThatSplits_CutsBeforeEveryMark(string split, int[] expected)
    {
        var vocabulary = """[["<unk>", 0], ["<s>", 0], ["▁", -2], ["a", -2], ["b", -2], ["▁a", -3], ["ab", -2.5], ["é", -4], ["▁▁", -0.5]]""";
        var words = $$"""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": {{split}}}""";
        Assert.Equal(expected, Load(Changed(Changed(Unigram, "model.vocab", vocabulary), "pre_tokenizer", words)).Encode("  a"));
    }

    [Fact]
    public void Encode_Unigram_TakesTheBestSumAndFusesUnknownCharacters()
    {
        var tokenizer = Load(Unigram);
        Assert.Equal([2, 6], tokenizer.Encode("ab"));        // -2 - 2.5 beats -3 - 2 of '▁a' and 'b'
        Assert.Equal([5, 0, 5], tokenizer.Encode("axyz a"));
        Assert.Equal("a a", tokenizer.Decode([5, 5]));
    }

    // All marks of the first token vanish, as in tokenizers, and no others.
    [Fact]
    public void Decode_Metaspace_DropsTheMarksOfTheFirstTokenOnly()
    {
        var tokenizer = Load(Unigram);
        Assert.Equal(" a", tokenizer.Decode([2, 5]));
        Assert.Equal("a", tokenizer.Decode([1, 5]));
        Assert.Equal("<s> a", tokenizer.Decode([1, 5], skipSpecialTokens: false));
    }

    [Fact]
    public void Encode_XlmRobertasWords_AreCutAtWhiteSpaceOfEveryKind()
    {
        var words = """{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]}""";
        Assert.Equal([5, 5, 5], Load(Changed(Unigram, "pre_tokenizer", words)).Encode("\ta \n\u00A0a\u3000a "));
    }

    [Fact]
    public void Encode_PunctuationAndDigits_AreWordsOfTheirOwn()
    {
        var vocabulary = """{"<unk>": 0, "<s>": 1, "a": 2, "+": 3, "a+": 4, "++": 5}""";
        var json = Changed(Changed(Pairs, "model.vocab", vocabulary), "model.merges", """["a +", "+ +"]""");
        Assert.Equal([4, 3, 2], Load(Changed(json, "normalizer", "null")).Encode("a++a"));
        Assert.Equal([2, 3, 3, 2], Load(Changed(Changed(json, "normalizer", "null"), "pre_tokenizer", """{"type": "Punctuation"}""")).Encode("a++a"));
    }

    [Theory]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": true}""", "\t a\u3000", new[] { 3 })]
    [InlineData("""{"type": "Strip", "strip_left": false, "strip_right": true}""", "aa  ", new[] { 3, 3 })]
    [InlineData("""{"type": "NFC"}""", "e\u0301", new[] { 7 })]
    [InlineData("""{"type": "NFD"}""", "á", new[] { 3, 0 })]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "[xy]{2}"}, "content": "a"}""", "xyb", new[] { 6 })]
    // Two characters are two, also where each takes two UTF-16 units; a content is no expression.
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "\\p{So}{2}"}, "content": "$0a"}""", "🦙🦙", new[] { 0, 3 })]
    public void Encode_Normalizers_ChangeTheTextFirst(string normalizer, string text, int[] expected) =>
        Assert.Equal(expected, Load(Changed(Pairs, "normalizer", normalizer)).Encode(text));

    [Fact]
    public void Encode_Precompiled_ReplacesWhatTheTableHas()
    {
        var path = TestFiles.SharedData("deberta-v3-tokenizer", "spm.model");
        var map = SentencePieceModel.Read(File.ReadAllBytes(path), path).CharacterMap!;
        var normalizer = $$"""{"type": "Precompiled", "precompiled_charsmap": "{{Convert.ToBase64String(map.Bytes.Span)}}"}""";
        Assert.Equal([3, 7, 4], Load(Changed(Pairs, "normalizer", normalizer)).Encode("ａe\u0301ｂ"));
    }

    // 'ä' is C3 A4 in UTF-8. The piece of a byte is not found in text that looks like it.
    [Theory]
    [InlineData(Pairs)]
    [InlineData(Unigram)]
    public void EncodeAndDecode_ByteFallback_CharactersWithoutPieceAreTheirBytes(string json)
    {
        var tokenizer = Load(Changed(WithBytes(json), "decoder", AllBytes));
        Assert.Equal([100 + 0xC3, 100 + 0xA4], tokenizer.Encode("ä").TakeLast(2));
        Assert.Equal("ä", tokenizer.Decode([100 + 0xC3, 100 + 0xA4]));
        Assert.Equal("\uFFFDa", tokenizer.Decode([100 + 0xC3, 3]));
        Assert.DoesNotContain(100 + 0x41, tokenizer.Encode("<0x41>"));
    }

    [Fact]
    public void Encode_UnknownCharacters_FuseWhereTheFileSaysSo()
    {
        Assert.Equal([2, 0, 3], Load(Pairs).Encode("xya"));
        Assert.Equal([2, 0, 0, 3], Load(Changed(Pairs, "model.fuse_unk", "false")).Encode("xya"));
        var message = Assert.Throws<InputException>(() => Load(Changed(Pairs, "model.unk_token", "null")).Encode("axy")).Message;
        Assert.Contains("no token for 'xy'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_IgnoreMerges_TakesAWordThatIsAPiece()
    {
        var json = Changed(Changed(Pairs, "normalizer", "null"), "model.merges", "[]");
        Assert.Equal([3, 4], Load(json).Encode("ab"));
        Assert.Equal([6], Load(Changed(json, "model.ignore_merges", "true")).Encode("ab"));
    }

    // A normalised token is looked for in the normalised text, in its own normalised form.
    [Theory]
    [InlineData("""{"id": 8, "content": "X", "normalized": true}""", "aX X", new[] { 5, 0, 8 })]
    [InlineData("""{"id": 8, "content": "X", "normalized": false}""", "aX X", new[] { 5, 8, 2, 2, 8 })]
    [InlineData("""{"id": 8, "content": "X", "normalized": false, "lstrip": true}""", "aX \n X", new[] { 5, 8, 8 })]
    [InlineData("""{"id": 8, "content": "X", "normalized": false, "rstrip": true}""", "X \n a", new[] { 8, 5 })]
    [InlineData("""{"id": 8, "content": "b", "normalized": false, "single_word": true}""", "ab b", new[] { 5, 4, 2, 8 })]
    public void Encode_AddedTokens_ObeyTheirFlags(string token, string text, int[] expected) =>
        Assert.Equal(expected, Load(Changed(Pairs, "added_tokens", $"[{token}]")).Encode(text));

    [Theory]
    [InlineData("null", new[] { 5 }, new[] { 5, 4, 5 })]
    [InlineData("""{"type": "ByteLevel"}""", new[] { 5 }, new[] { 5, 4, 5 })]
    [InlineData("""{"type": "BertProcessing", "sep": ["<s>", 1], "cls": ["<unk>", 0]}""", new[] { 0, 5, 1 }, new[] { 0, 5, 4, 1, 5, 1 })]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["<s>", 1], "cls": ["<unk>", 0], "trim_offsets": true, "add_prefix_space": true}""",
        new[] { 0, 5, 1 }, new[] { 0, 5, 4, 1, 1, 5, 1 })]
    [InlineData("""
        {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "TemplateProcessing",
          "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
          "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
          "special_tokens": {"<s>": {"id": "<s>", "ids": [1, 1], "tokens": ["<s>", "<s>"]}}}]}
        """, new[] { 1, 1, 5 }, new[] { 1, 1, 5, 4, 5 })]
    public void EncodeWithSpecialTokens_PostProcessors_PutThemAround(string processor, int[] single, int[] pair)
    {
        var tokenizer = Load(Changed(Pairs, "post_processor", processor));
        Assert.Equal(single, tokenizer.EncodeWithSpecialTokens("a").Select(token => token.Id));
        Assert.Equal(pair, tokenizer.EncodeWithSpecialTokens("ab", "a").Select(token => token.Id));
        Assert.Equal([5], tokenizer.Encode("a"));
    }

    [Fact]
    public void Load_PostProcessor_NamesRolesWhereNoOtherFileDoes()
    {
        var tokenizer = Load(Changed(Pairs, "post_processor", """{"type": "BertProcessing", "sep": ["<s>", 1], "cls": ["<unk>", 0]}"""));
        Assert.Equal((0, 1, null, null), (tokenizer.ClsId, tokenizer.SepId, tokenizer.BosId, tokenizer.EosId));
        Assert.Equal([0, 5, 1], new TextPairEncoder(tokenizer, 10).Encode("a").Ids);
    }

    [Theory]
    [InlineData(Unigram, "model.unk_id", "8", "'model.unk_id' is 8; the pieces have the ids 0 to 7")]
    [InlineData(Unigram, "model.unk_id", "-1", "'model.unk_id' is -1")]
    [InlineData(Unigram, "model.vocab", "[]", "'model.vocab' holds no pieces")]
    [InlineData(Unigram, "model.vocab", """[["a", -1], ["a", -2]]""", "'model.vocab[1]' holds the piece 'a'")]
    [InlineData(Unigram, "model.vocab", """[["", -1]]""", "'model.vocab[0]'")]
    [InlineData(Unigram, "model.vocab", """[["a", "b"]]""", "'model.vocab[0][1]' is \"b\", expected a number")]
    [InlineData(Unigram, "model.vocab", """[["a", 1e300]]""", "'model.vocab[0][1]'")]
    [InlineData(Unigram, "model.vocab", """[["a"]]""", "'model.vocab[0]' is no pair")]
    [InlineData(Unigram, "model.vocab", """{"a": 1}""", "'model.vocab'")]
    [InlineData(Unigram, "model.byte_fallback", "true", "<0x00> to <0xFF>")]
    [InlineData(Unigram, "pre_tokenizer", """{"type": "Metaspace", "replacement": "__"}""", "one character")]
    [InlineData(Unigram, "pre_tokenizer", """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "last"}""",
        "'pre_tokenizer.prepend_scheme' is 'last'; allowed are Never, First, Always")]
    [InlineData(Unigram, "pre_tokenizer", """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "add_prefix_space": false}""",
        "add_prefix_space false")]
    [InlineData(Unigram, "pre_tokenizer", "7", "'pre_tokenizer' is 7, expected an object")]
    [InlineData(Pairs, "pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "▁"}, {"type": "UnicodeScripts"}]}""",
        "'pre_tokenizer.pretokenizers[1].type' is 'UnicodeScripts'")]
    [InlineData(Pairs, "normalizer", """{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "StripAccents"}]}""",
        "'normalizer.normalizers[1].type' is 'StripAccents'")]
    [InlineData(Pairs, "normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAAA"}""", "no table of characters")]
    [InlineData(Pairs, "normalizer", """{"type": "Precompiled", "precompiled_charsmap": "%"}""", "base64")]
    [InlineData(Pairs, "normalizer", """{"type": "Replace", "pattern": {"String": ""}, "content": "a"}""", "'normalizer.pattern'")]
    [InlineData(Pairs, "normalizer", """{"type": "Replace", "pattern": {"Regex": "["}, "content": "a"}""", "'['")]
    [InlineData(Pairs, "decoder", "null", "has no 'decoder'")]
    [InlineData(Pairs, "decoder", """{"type": "WordPiece"}""", "'decoder.type' is 'WordPiece'")]
    [InlineData(Pairs, "decoder", """{"type": "Strip", "content": " ", "start": 1, "stop": 0}""", "before Fuse")]
    [InlineData(Pairs, "decoder", """{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Metaspace", "replacement": "▁"}]}""", "'Metaspace' behind Fuse")]
    [InlineData(Pairs, "decoder", """{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": " ", "start": -1, "stop": 0}]}""", "start")]
    [InlineData(Pairs, "post_processor", """{"type": "Other"}""", "'post_processor.type' is 'Other'")]
    [InlineData(Pairs, "post_processor", """{"type": "BertProcessing", "sep": ["<s>"], "cls": ["<s>", 1]}""", "post_processor.sep")]
    [InlineData(Pairs, "post_processor", """{"type": "BertProcessing", "sep": ["<s>", 1], "cls": ["<x>", 9]}""", "the token 9")]
    [InlineData(Pairs, "post_processor", """
        {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<x>"}}, {"Sequence": {"id": "A"}}], "pair": [], "special_tokens": {}}
        """, "'post_processor.single[0].SpecialToken.id' is '<x>'")]
    [InlineData(Pairs, "post_processor", """
        {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}], "pair": [{"Sequence": {"id": "B"}}, {"Sequence": {"id": "A"}}], "special_tokens": {}}
        """, "'post_processor.pair' does not hold the sequences A and B")]
    [InlineData(Pairs, "model.unk_token", "\"<x>\"", "'model.unk_token' is '<x>'")]
    [InlineData(Pairs, "model.merges", """["a x"]""", "needs the token 'x'")]
    public void Read_WhatIsBrokenOrNotImplemented_IsAnErrorThatNamesThePlace(string json, string key, string value, string expected)
    {
        var message = Assert.Throws<InputException>(() => Load(Changed(json, key, value))).Message;
        Assert.Contains("tokenizer.json", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ByteFallbackWithoutItsDecoderOrWithMergesOfBytes_IsAnError()
    {
        Assert.Contains("has no ByteFallback", Refusal(Changed(WithBytes(Pairs), "decoder", """{"type": "Fuse"}""")), StringComparison.Ordinal);
        Assert.Contains("'model.merges[0]' merges bytes", Refusal(Changed(WithBytes(Pairs), "model.merges", """["<0x41> a"]""")), StringComparison.Ordinal);
    }

    private static string Refusal(string json) => Assert.Throws<InputException>(() => Load(json)).Message;

    private static Tokenizer Load(string json)
    {
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.Json, Encoding.UTF8.GetBytes(json));
        return TokenizerLoader.Create(files);
    }

    // The byte b gets the id 100 + b.
    private static string WithBytes(string json)
    {
        var model = JsonNode.Parse(json)!["model"]!;
        model["byte_fallback"] = true;
        if (model["vocab"] is JsonArray pieces)
        {
            while (pieces.Count < 100)
            {
                pieces.Add(new JsonArray($"filler{pieces.Count}", -9));
            }
        }
        for (var value = 0; value < 256; value++)
        {
            var text = SentencePieceModel.ByteText((byte)value);
            if (model["vocab"] is JsonArray list)
            {
                list.Add(new JsonArray(text, 0));
            }
            else
            {
                model["vocab"]![text] = 100 + value;
            }
        }
        return Changed(json, "model", model.ToJsonString());
    }

    // Replaces the text of one value, so that values may be wrong in any way.
    private static string Changed(string json, string key, string value)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        var parent = key.StartsWith("model.", StringComparison.Ordinal) ? root["model"]!.AsObject() : root;
        parent[key.Replace("model.", string.Empty, StringComparison.Ordinal)] = "PLACE";
        return root.ToJsonString().Replace("\"PLACE\"", value, StringComparison.Ordinal);
    }
}
