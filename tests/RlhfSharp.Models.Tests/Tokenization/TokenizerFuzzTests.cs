using System.Text;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tests.Fuzzing;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>Damaged <c>tokenizer.json</c> of every kind by the thousand: each is refused by a message, or is a tokenizer that encodes and decodes, soon and in
/// little memory, or refuses that by a message.</summary>
public sealed class TokenizerFuzzTests
{
    private const string Text = "ab  a▁b\n Don't 12 é ﬁ Σ 🦙 <s>x <m> y\uD800 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
    private const long MuchMemory = 400_000_000;   // bytes that a case may have on the managed heap; the largest vocabulary's ids alone take 80 MB
    private static readonly TimeSpan LongTime = TimeSpan.FromSeconds(30);

    private const string Added = """
        "added_tokens": [{"id": 1, "content": "<s>", "special": true}, {"id": 9, "content": "<m>", "normalized": true, "lstrip": true, "rstrip": true, "single_word": true}]
        """;

    private const string Pairs = """
        {"type": "BPE", "unk_token": "<u>", "fuse_unk": true, "ignore_merges": false, "byte_fallback": false, "dropout": null,
         "vocab": {"<u>": 0, "<s>": 1, "▁": 2, "a": 3, "b": 4, "▁a": 5, "ab": 6, "é": 7, "Ġ": 8}, "merges": ["▁ a", ["a", "b"]]}
        """;

    private const string Scores = """{"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [["<u>", 0], ["<s>", 0], ["▁", -2], ["a", -2], ["b", -2], ["▁a", -3], ["ab", -2.5]]}""";

    private const string Normalizers = """
        {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"}, {"type": "Lowercase"},
         {"type": "Strip", "strip_left": true, "strip_right": false}, {"type": "Precompiled", "precompiled_charsmap": "CAAAAAAAAAAAAAAAYQA="},
         {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, {"type": "Prepend", "prepend": "▁"}]}
        """;

    private const string Words = """
        {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": true}, {"type": "Punctuation", "behavior": "Isolated"},
         {"type": "Split", "pattern": {"Regex": "a+|\\p{L}"}, "behavior": "MergedWithNext", "invert": false}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true}]}
        """;

    private const string ByteWords = """
        {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"String": "b"}, "behavior": "Removed", "invert": true},
         {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]}
        """;

    private const string Template = """
        {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}
        """;

    private const string Decoders = """
        {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
         {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
        """;

    private const string MetaspaceDecoder = """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}""";

    private const string Processors = """
        {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "RobertaProcessing", "sep": ["<m>", 9], "cls": ["<s>", 1], "trim_offsets": true}]}
        """;

    // The whole of a file, each of the parts in one of them at least.
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["pairs"] = File(Normalizers, Words, Template, Decoders, Pairs),
        ["bytes"] = File("""{"type": "NFC"}""", ByteWords, Processors, """{"type": "ByteLevel"}""", Pairs.Replace("▁", "Ċ", StringComparison.Ordinal)),
        ["unigram"] = File(Normalizers, Words, """{"type": "BertProcessing", "sep": ["<m>", 9], "cls": ["<s>", 1]}""", MetaspaceDecoder, Scores),
        ["byte fallback"] = File("null", "null", "null", Decoders, WithBytes()),
    };

    private const string Settings = """
        {"tokenizer_class": "LlamaTokenizer", "add_bos_token": true, "add_eos_token": false, "bos_token": "<s>", "eos_token": {"content": "<m>", "lstrip": false}, "pad_token": null,
         "unk_token": "<u>", "additional_special_tokens": ["<m>"], "truncation_side": "left", "chat_template": "x", "add_prefix_space": true, "legacy": false,
         "added_tokens_decoder": {"9": {"content": "<m>", "special": true, "normalized": false}, "10": {"content": "<n>"}}}
        """;

    // What may stand anywhere.
    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1", "9", "10000000", "9999999", "2147483648", "1e400", "-1e-400", "0.5", "\"\"", "\" \"", "\"a\"", "\"▁\"", "\"Ġ\"", "\"<0x41>\"", $"\"{DamagedJson.HalfACharacter}\"", "\"\\u0000\"",
        "[]", "{}", "[[[[[[[[[[[[[[]]]]]]]]]]]]]]", "[\"a\", \"b\"]", "[\"a\", -1]", "{\"String\": \"\"}", "{\"String\": \"a\"}", "{\"Regex\": \"(\"}", "{\"Regex\": \"\"}",
        "{\"Regex\": \"(a|a)*$\"}", "{\"Regex\": \"(a*)*b\"}", "{\"Regex\": \"(?<x>a)\\\\k<x>\"}", "{\"Regex\": \"(a{1000}){1000}\"}", "\"Sequence\"", "\"Unigram\"", "\"BPE\"",
        "{\"type\": \"NFKC\"}", "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"aa\"}", "{\"type\": \"ByteLevel\"}", "{\"type\": \"Metaspace\", \"replacement\": \"_\"}",
        "{\"type\": \"Digits\"}", "{\"type\": \"Fuse\"}", "{\"type\": \"ByteFallback\"}", "{\"type\": \"Strip\", \"content\": \" \", \"start\": 2147483647, \"stop\": 2147483647}",
    ];

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Whole_OfEachKind_IsATokenizer(string kind)
    {
        var tokenizer = Load(Encoding.UTF8.GetBytes(Kinds[kind]));
        Assert.NotEmpty(tokenizer.Encode(Text));
        Assert.NotEmpty(tokenizer.Decode(tokenizer.Encode(Text)));
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Damaged_ValuesAndStructure_IsReadOrRefused(string kind) => Fuzz(kind, random => DamagedJson.Make(Kinds[kind], Values, random));

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Damaged_Bytes_IsReadOrRefused(string kind) => Fuzz(kind, random => DamagedBytes.Make(Encoding.UTF8.GetBytes(Kinds[kind]), random));

    [Fact]
    public void Damaged_Settings_IsReadOrRefused() => Fuzz("settings", random => DamagedJson.Make(Settings, Values, random), settings =>
    {
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.Json, Encoding.UTF8.GetBytes(Kinds["pairs"]));
        files.Add(TokenizerFiles.Config, settings);
        return TokenizerLoader.Create(files);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_SentencePieceModel_IsReadOrRefused(int type)
    {
        var whole = new SentencePieceFile { ModelType = type, RemovesExtraSpaces = true }.Add("▁", -2).Add("a", -2).Add("▁a", -3).Add("ab", -4).ToBytes();
        // The pieces that are not bytes stand at the end, where there is something to damage.
        Fuzz($"sentencepiece {type}", random => [.. whole[..^200], .. DamagedBytes.Make(whole[^200..], random)], model =>
        {
            var files = new TokenizerFiles("a folder");
            files.Add(TokenizerFiles.SentencePiece, model);
            return TokenizerLoader.Create(files);
        });
    }

    private static void Fuzz(string kind, Func<NamedRandom, byte[]> damage, Func<byte[], Tokenizer>? load = null)
    {
        for (var i = 0; i < FuzzCases.PerKind / (2 * Kinds.Count); i++)
        {
            var file = damage(new NamedRandom(0, $"fuzz/{kind}", i));
            var started = TimeProvider.System.GetTimestamp();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Use((load ?? Load)(file));
            }
            catch (InputException exception)
            {
                Assert.False(string.IsNullOrWhiteSpace(exception.Message));
            }
            catch (Exception exception) when (exception is not InputException)
            {
                Assert.Fail($"Case {i} of {kind} ends in {exception}\n{Encoding.UTF8.GetString(file)}");
            }
            var (took, allocated) = (TimeProvider.System.GetElapsedTime(started), GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(took < LongTime && allocated < MuchMemory, $"Case {i} of {kind} took {took} and {allocated} bytes\n{Encoding.UTF8.GetString(file)}");
        }
    }

    private static void Use(Tokenizer tokenizer)
    {
        var ids = tokenizer.Encode(Text);
        Assert.Equal(ids, tokenizer.EncodeWithSpans(Text).Select(token => token.Id));
        Assert.All(tokenizer.EncodeWithSpecialTokens(Text, Text), token => Assert.InRange(token.Id, 0, tokenizer.VocabularySize - 1));
        tokenizer.Decode(ids);
        tokenizer.Decode([.. Enumerable.Range(0, Math.Min(20, tokenizer.VocabularySize))], skipSpecialTokens: false);
    }

    private static Tokenizer Load(byte[] json)
    {
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.Json, json);
        return TokenizerLoader.Create(files);
    }

    private static string File(string normalizer, string words, string processor, string decoder, string model) =>
        $$"""{{{Added}}, "normalizer": {{normalizer}}, "pre_tokenizer": {{words}}, "post_processor": {{processor}}, "decoder": {{decoder}}, "model": {{model}}}""";

    private static string WithBytes()
    {
        var bytes = string.Concat(Enumerable.Range(0, 256).Select(value => $", [\"<0x{value:X2}>\", 0]"));
        return $$"""{"type": "Unigram", "unk_id": 0, "byte_fallback": true, "vocab": [["<u>", 0], ["<s>", 0], ["▁", -2], ["a", -2], ["▁a", -3]{{bytes}}]}""";
    }
}
