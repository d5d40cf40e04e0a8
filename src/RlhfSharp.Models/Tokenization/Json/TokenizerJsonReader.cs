using System.Text.Json;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the <c>tokenizer.json</c> of Hugging Face's tokenizers library: byte-pair encoding over bytes or characters, and Unigram.</summary>
/// <remarks>The file is not trusted: whatever it asks for beyond what is built is an error that names the place in the file.</remarks>
internal sealed class TokenizerJsonReader(byte[] bytes, string path)
{
    private readonly JsonPart _root = JsonPart.Parse(bytes, path);

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">The file is broken or asks for something that is not implemented.</exception>
    public PipelineDefinition Read()
    {
        var model = _root.Get("model");
        // Files written before 2020 have no type.
        var type = model.Text("type") ?? "BPE";
        var definition = type switch
        {
            "Unigram" => ReadUnigram(model),
            "BPE" when IsByteLevel() => ReadBytePairs().ToPipeline(WordStepReader.ReadByteLevel(_root.Get("pre_tokenizer"))),
            "BPE" => ReadCharacterPairs(model),
            _ => throw model.Get("type").Error($"is '{type}', which is not implemented; implemented are BPE and Unigram"),
        };
        var template = _root.Find("post_processor") is { } processor ? PostProcessorReader.Read(processor) : null;
        return definition with
        {
            Normalizers = _root.Find("normalizer") is { } normalizer ? NormalizerReader.Read(normalizer) : [],
            Template = template ?? new SpecialTokenTemplate([null], [null, null]),
            Roles = template?.Roles ?? definition.Roles,
        };
    }

    /// <summary>Reads what byte-level byte-pair encoding is made of.</summary>
    internal BytePairDefinition ReadBytePairs()
    {
        var model = _root.Get("model");
        RequirePlainPairs(model);
        if (model.Flag("byte_fallback", fallback: false))
        {
            throw model.Get("byte_fallback").Error("is true, which has no meaning for an encoding over bytes");
        }
        DecoderReader.RequireByteLevel(_root.Get("decoder"));
        return new()
        {
            Source = path,
            Vocabulary = BytePairParts.ReadVocabulary(model.Get("vocab")),
            Merges = ReadMerges(model),
            AddedTokens = ReadAddedTokens(),
            IgnoresMerges = model.Flag("ignore_merges", fallback: false),
            UnknownToken = model.Text("unk_token"),
            FusesUnknown = model.Flag("fuse_unk", fallback: false),
        };
    }

    private bool IsByteLevel() => _root.Find("pre_tokenizer") is { } words && WordStepReader.IsByteLevel(words);

    private PipelineDefinition ReadCharacterPairs(JsonPart model)
    {
        RequirePlainPairs(model);
        var ids = BytePairParts.ReadVocabulary(model.Get("vocab"));
        var merges = ReadMerges(model);
        var bytes = ReadBytes(model, text => ids.TryGetValue(text, out var id) ? id : null);
        if (bytes is not null && merges.FindIndex(merge => IsByte(merge.Left) || IsByte(merge.Right)) is >= 0 and var at)
        {
            throw model.Get("merges").Items()[at].Error("merges bytes, which is not implemented: byte_fallback is true, and bytes stand for themselves");
        }
        var unknown = model.Find("unk_token") is { } token
            ? (int?)(ids.TryGetValue(token.Text(), out var id) ? id : throw token.Error($"is '{token.Text()}', which is not in the vocabulary"))
            : null;
        var vocabulary = new PieceVocabulary(
            ids.Select(entry => (entry.Value, entry.Key, 0f, KindOf(entry.Key, entry.Value, bytes is not null, unknown))),
            new UnknownPieces(path, bytes, unknown, model.Flag("fuse_unk", fallback: false)));
        var pairs = new CharacterPairModel(vocabulary, new MergeTable(merges, ids, path), model.Flag("ignore_merges", fallback: false));
        return Pieces(ids, pairs, bytes is not null);
    }

    private PipelineDefinition ReadUnigram(JsonPart model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<(string Text, float Score)>();
        foreach (var item in model.Get("vocab").Items())
        {
            var (text, score) = item.Items() is [var first, var second] ? (first.Text(), second.Number()) : throw item.Error("is no pair of a piece and its score");
            if (text.Length == 0 || !ids.TryAdd(text, scores.Count))
            {
                throw item.Error($"holds the piece '{text}', which is empty or there before");
            }
            scores.Add((text, (float)score));
        }
        if (scores.Count == 0)
        {
            throw model.Get("vocab").Error("holds no pieces");
        }
        var unknown = model.Find("unk_id") is { } part
            ? (int?)(part.Id() is var id && id < scores.Count ? id : throw part.Error($"is {id}; the pieces have the ids 0 to {scores.Count - 1}"))
            : null;
        var bytes = ReadBytes(model, text => ids.TryGetValue(text, out var byteId) ? byteId : null);
        var vocabulary = new PieceVocabulary(
            scores.Select((piece, index) => (index, piece.Text, piece.Score, KindOf(piece.Text, index, bytes is not null, unknown))),
            new UnknownPieces(path, bytes, unknown, fuses: true));
        return Pieces(ids, new UnigramSegmenter(vocabulary, path), bytes is not null);
    }

    private PipelineDefinition Pieces(Dictionary<string, int> ids, IPieceModel model, bool hasBytes)
    {
        var words = _root.Find("pre_tokenizer") is { } part ? WordStepReader.Read(part) : new();
        return new()
        {
            Source = path,
            Vocabulary = ids,
            AddedTokens = ReadAddedTokens(),
            Model = _ => model,
            Decoder = DecoderReader.Read(_root.Get("decoder"), hasBytes),
            Words = words,
        };
    }

    // Text never becomes the piece of a byte or the unknown one, as in SentencePiece, also where it looks like it.
    private static SentencePieceKind KindOf(string text, int id, bool hasBytes, int? unknownId) =>
        id == unknownId ? SentencePieceKind.Unknown
        : hasBytes && IsByte(text) ? SentencePieceKind.Byte
        : SentencePieceKind.Normal;

    private static bool IsByte(string text) => SentencePieceDefinition.TryReadByte(text, out _);

    private static int[]? ReadBytes(JsonPart model, Func<string, int?> find)
    {
        if (!model.Flag("byte_fallback", fallback: false))
        {
            return null;
        }
        return UnknownPieces.BytesOf(find) ?? throw model.Get("byte_fallback").Error("is true, and one of the pieces <0x00> to <0xFF> is missing");
    }

    private static void RequirePlainPairs(JsonPart model)
    {
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model.Text(name) is { Length: > 0 } text)
            {
                throw model.Get(name).Error($"is '{text}', which is not implemented; implemented is none");
            }
        }
        if (model.Find("dropout") is { } dropout && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.TryGetDouble(out var rate) && rate == 0))
        {
            throw dropout.Error("would make ids random; set it to null");
        }
    }

    private static List<(string Left, string Right)> ReadMerges(JsonPart model) => [.. model.Get("merges").Items().Select(ReadMerge)];

    private static (string Left, string Right) ReadMerge(JsonPart merge)
    {
        var parts = merge.Element.ValueKind == JsonValueKind.Array
            ? [.. merge.Items().Select(item => item.Text())]
            : merge.Text().Split(' ');
        return parts is [var left, var right] ? (left, right) : throw merge.Error("is no pair of tokens");
    }

    private List<AddedToken> ReadAddedTokens()
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var part in _root.Find("added_tokens")?.Items() ?? [])
        {
            var token = AddedToken.Read(part.Get("id").Id(), part);
            if (!tokens.TryAdd(token.Content, token) && tokens[token.Content] != token)
            {
                throw part.Error($"is '{token.Content}', which was listed before with another id or other flags");
            }
        }
        return [.. tokens.Values];
    }
}
