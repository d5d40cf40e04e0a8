using System.Text.Encodings.Web;
using System.Text.Json;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes byte-level tokenizers as Hugging Face's tokenizers library (format version 1.0) and transformers read them.</summary>
internal static class TokenizerJsonWriter
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>tokenizer.json</c>.</summary>
    /// <param name="vocabulary">All tokens, the special ones included, by id.</param>
    /// <param name="merges">Best first.</param>
    /// <param name="specialTokens">Those that are looked for in texts and that decoding may leave out.</param>
    /// <param name="addedTokens">Others that are looked for in texts.</param>
    public static byte[] WriteTokenizer(
        IReadOnlyList<string> vocabulary,
        IReadOnlyList<(string Left, string Right)> merges,
        IReadOnlySet<string> specialTokens,
        IReadOnlySet<string> addedTokens) =>
        Write(json =>
        {
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            json.WriteStartArray("added_tokens");
            foreach (var (id, token) in vocabulary.Index().Where(entry => specialTokens.Contains(entry.Item) || addedTokens.Contains(entry.Item)))
            {
                WriteAddedToken(json, new AddedToken(id, token, specialTokens.Contains(token)));
            }
            json.WriteEndArray();
            json.WriteNull("normalizer");
            WriteByteLevel(json, "pre_tokenizer");
            json.WriteNull("post_processor");
            WriteByteLevel(json, "decoder");
            WriteModel(json, vocabulary, merges);
        });

    /// <summary>Writes <c>tokenizer_config.json</c>.</summary>
    /// <param name="roles">For instance <c>eos_token</c> and its text; null for a role without a token.</param>
    public static byte[] WriteConfig(IReadOnlyDictionary<string, string?> roles) => Write(json =>
    {
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        foreach (var (role, token) in roles)
        {
            json.WriteString(role, token);
        }
    });

    /// <summary>Writes one of the <c>added_tokens</c>.</summary>
    public static void WriteAddedToken(Utf8JsonWriter json, AddedToken token)
    {
        json.WriteStartObject();
        json.WriteNumber("id", token.Id);
        json.WriteString("content", token.Content);
        json.WriteBoolean("single_word", token.IsSingleWord);
        json.WriteBoolean("lstrip", token.StripsLeft);
        json.WriteBoolean("rstrip", token.StripsRight);
        json.WriteBoolean("normalized", token.IsNormalized);
        json.WriteBoolean("special", token.IsSpecial);
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, IReadOnlyList<string> vocabulary, IReadOnlyList<(string Left, string Right)> merges)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (var name in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" })
        {
            json.WriteNull(name);
        }
        foreach (var name in new[] { "fuse_unk", "byte_fallback", "ignore_merges" })
        {
            json.WriteBoolean(name, false);
        }
        json.WriteStartObject("vocab");
        foreach (var (id, token) in vocabulary.Index())
        {
            json.WriteNumber(token, id);
        }
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in merges)
        {
            json.WriteStringValue($"{left} {right}");
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a JSON object with a line break at its end.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> writeMembers)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
