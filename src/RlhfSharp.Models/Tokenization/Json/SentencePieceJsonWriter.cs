using System.Text.Json;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes a SentencePiece model as a <c>tokenizer.json</c> that gives the same ids, in the layout that Hugging Face's converters chose for Llama.</summary>
internal static class SentencePieceJsonWriter
{
    private const string Mark = "▁";

    // Written so that Oniguruma, .NET and JavaScript read them alike: beginning and end of a text, not of a line.
    private const string SpacesAtTheEnds = @"(?<![\s\S])[ ▁]+|[ ▁]+(?![\s\S])";
    private const string Spaces = "[ ▁]+";

    /// <summary>Writes the file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">What the files beside it say.</param>
    /// <param name="tokenizer">The tokenizer that both make.</param>
    public static byte[] Write(SentencePieceModel model, TokenizerSettings settings, PipelineTokenizer tokenizer) => TokenizerJsonWriter.Write(json =>
    {
        var addsPrefix = SentencePieceDefinition.AddsPrefix(model, settings);
        var isLegacy = SentencePieceDefinition.IsLegacy(settings);
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        foreach (var token in AllAdded(model, tokenizer))
        {
            TokenizerJsonWriter.WriteAddedToken(json, token);
        }
        json.WriteEndArray();
        WriteSequence(json, "normalizer", "normalizers", WriteNormalizers);
        WriteWords(json, isLegacy, addsPrefix);
        WritePostProcessor(json, tokenizer);
        WriteSequence(json, "decoder", "decoders", WriteDecoders);
        if (model.IsUnigram)
        {
            WriteUnigram(json, model);
        }
        else
        {
            WritePairs(json, model);
        }

        void WriteNormalizers()
        {
            if (model.CharacterMap is { } map)
            {
                WriteObject(json, "Precompiled", () => json.WriteBase64String("precompiled_charsmap", map.Bytes.Span));
            }
            if (model.RemovesExtraSpaces)
            {
                WriteReplace(json, "Regex", SpacesAtTheEnds, string.Empty);
                WriteReplace(json, "Regex", Spaces, " ");
            }
            if (isLegacy)
            {
                if (addsPrefix)
                {
                    WriteObject(json, "Prepend", () => json.WriteString("prepend", Mark));
                }
                WriteReplace(json, "String", " ", Mark);
            }
        }

        void WriteDecoders()
        {
            WriteReplace(json, "String", Mark, " ");
            if (model.FallsBackToBytes)
            {
                WriteObject(json, "ByteFallback", () => { });
            }
            WriteObject(json, "Fuse", () => { });
            if (addsPrefix)
            {
                WriteObject(json, "Strip", () =>
                {
                    json.WriteString("content", " ");
                    json.WriteNumber("start", 1);
                    json.WriteNumber("stop", 0);
                });
            }
        }
    });

    // Pieces that are never taken apart are added tokens there.
    private static IEnumerable<AddedToken> AllAdded(SentencePieceModel model, PipelineTokenizer tokenizer)
    {
        var known = tokenizer.AddedTokens.Select(token => token.Id).ToHashSet();
        return model.Pieces.Index().Where(piece => piece.Item.Kind == SentencePieceKind.UserDefined && !known.Contains(piece.Index))
            .Select(piece => new AddedToken(piece.Index, piece.Item.Text.Replace(SentencePieceModel.Space, ' '), IsSpecial: false))
            .Concat(tokenizer.AddedTokens).OrderBy(token => token.Id);
    }

    private static void WriteWords(Utf8JsonWriter json, bool isLegacy, bool addsPrefix)
    {
        if (isLegacy)
        {
            json.WriteNull("pre_tokenizer");
            return;
        }
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Metaspace");
        json.WriteString("replacement", Mark);
        json.WriteString("prepend_scheme", addsPrefix ? "first" : "never");
        json.WriteBoolean("split", false);
        json.WriteEndObject();
    }

    private static void WritePostProcessor(Utf8JsonWriter json, PipelineTokenizer tokenizer)
    {
        var contents = tokenizer.AddedTokens.ToDictionary(token => token.Id, token => token.Content);
        var template = tokenizer.Template;
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WriteTemplate("single", template.Single);
        WriteTemplate("pair", template.Pair);
        json.WriteStartObject("special_tokens");
        foreach (var id in template.Pair.OfType<int>().Distinct())
        {
            json.WriteStartObject(contents[id]);
            json.WriteString("id", contents[id]);
            json.WriteStartArray("ids");
            json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(contents[id]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();

        void WriteTemplate(string name, IReadOnlyList<int?> parts)
        {
            json.WriteStartArray(name);
            var (texts, isSecond) = (0, false);
            foreach (var (index, part) in parts.Index())
            {
                // The second text's type begins with what stands before it, except the end of the first.
                isSecond |= texts > 0 && (part is null || parts[index - 1] is not null);
                json.WriteStartObject();
                json.WriteStartObject(part is null ? "Sequence" : "SpecialToken");
                json.WriteString("id", part is { } id ? contents[id] : texts++ == 0 ? "A" : "B");
                json.WriteNumber("type_id", isSecond ? 1 : 0);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }

    private static void WriteUnigram(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "Unigram");
        json.WriteNumber("unk_id", model.UnknownId);
        json.WriteStartArray("vocab");
        foreach (var (text, score, _) in model.Pieces)
        {
            json.WriteStartArray();
            json.WriteStringValue(text);
            json.WriteNumberValue((double)score);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteBoolean("byte_fallback", model.FallsBackToBytes);
        json.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteString("unk_token", model.Pieces[model.UnknownId].Text);
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", true);
        json.WriteBoolean("byte_fallback", model.FallsBackToBytes);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        foreach (var (id, piece) in model.Pieces.Index())
        {
            json.WriteNumber(piece.Text, id);
        }
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in Merges(model))
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Every way to put a piece together from two; the best piece first, then, as transformers orders them, the longest left part.
    private static IEnumerable<(string Left, string Right)> Merges(SentencePieceModel model)
    {
        var scores = model.Pieces.Where(piece => piece.Kind == SentencePieceKind.Normal).ToDictionary(piece => piece.Text, piece => piece.Score, StringComparer.Ordinal);
        return scores
            .SelectMany(piece => Enumerable.Range(1, piece.Key.Length - 1).Select(at => (Left: piece.Key[..at], Right: piece.Key[at..], Score: piece.Value)))
            .Where(merge => scores.ContainsKey(merge.Left) && scores.ContainsKey(merge.Right))
            .OrderByDescending(merge => merge.Score).ThenByDescending(merge => merge.Left.Length)
            .Select(merge => (merge.Left, merge.Right));
    }

    private static void WriteSequence(Utf8JsonWriter json, string name, string members, Action write)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "Sequence");
        json.WriteStartArray(members);
        write();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteReplace(Utf8JsonWriter json, string kind, string pattern, string content) => WriteObject(json, "Replace", () =>
    {
        json.WriteStartObject("pattern");
        json.WriteString(kind, pattern);
        json.WriteEndObject();
        json.WriteString("content", content);
    });

    private static void WriteObject(Utf8JsonWriter json, string type, Action writeMembers)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        writeMembers();
        json.WriteEndObject();
    }
}
