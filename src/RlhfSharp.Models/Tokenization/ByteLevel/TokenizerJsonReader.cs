namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the <c>tokenizer.json</c> of Hugging Face's tokenizers library, as far as it is byte-level byte-pair encoding.</summary>
internal sealed class TokenizerJsonReader(byte[] bytes, string path)
{
    private readonly JsonPart _root = JsonPart.Parse(bytes, path);

    /// <summary>Reads the file. Post-processors are not looked at: they only add special tokens.</summary>
    /// <exception cref="Runtime.InputException">The file is broken or asks for something that is not implemented.</exception>
    public BytePairDefinition Read()
    {
        var model = _root.Get("model");
        RequireBytePairs(model);
        RequireByteLevelDecoder();
        var vocabulary = BytePairParts.ReadVocabulary(model.Get("vocab"));
        return new()
        {
            Source = path,
            Vocabulary = vocabulary,
            Merges = [.. model.Get("merges").Items().Select(ReadMerge)],
            AddedTokens = [.. (_root.Find("added_tokens")?.Items() ?? []).Select(token => AddedToken.Read(token.Get("id").Id(), token))],
            Words = ReadWords(),
            ComposesText = _root.Find("normalizer") is { } normalizer && IsCompose(normalizer),
            IgnoresMerges = model.Flag("ignore_merges", fallback: false),
            UnknownToken = model.Text("unk_token"),
            FusesUnknown = model.Flag("fuse_unk", fallback: false),
        };
    }

    private static void RequireBytePairs(JsonPart model)
    {
        // Files written before 2020 have no type.
        if (model.Text("type") is { } type && type != "BPE")
        {
            throw model.Error($"is of type '{type}', which is not implemented; implemented is BPE over bytes");
        }
        if (model.Flag("byte_fallback", fallback: false))
        {
            throw model.Error("has 'byte_fallback', which is implemented for tokenizer.model files only");
        }
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model.Text(name) is { Length: > 0 } text)
            {
                throw model.Error($"has the {name} '{text}', which is not implemented");
            }
        }
        if (model.Find("dropout") is { } dropout && !(dropout.Element.TryGetDouble(out var rate) && rate == 0))
        {
            throw model.Error("has 'dropout', which would make ids random; set it to null");
        }
    }

    private void RequireByteLevelDecoder()
    {
        var decoder = _root.Get("decoder");
        if (!Flatten(decoder, "decoders").All(part => part.Get("type").Text() == "ByteLevel"))
        {
            throw decoder.Error($"is of type '{decoder.Get("type").Text()}', which is not implemented; implemented is ByteLevel");
        }
    }

    private static (string Left, string Right) ReadMerge(JsonPart merge)
    {
        var parts = merge.Element.ValueKind == System.Text.Json.JsonValueKind.Array
            ? [.. merge.Items().Select(item => item.Text())]
            : merge.Text().Split(' ');
        return parts is [var left, var right] ? (left, right) : throw merge.Error("is no pair of tokens");
    }

    private WordSplitter ReadWords()
    {
        var preTokenizer = _root.Get("pre_tokenizer");
        var steps = new List<SplitStep>();
        var parts = Flatten(preTokenizer, "pretokenizers").ToList();
        foreach (var part in parts)
        {
            switch (part.Get("type").Text())
            {
                case "Split":
                    steps.Add(SplitStep.Read(part));
                    break;
                case "Digits":
                    steps.Add(SplitStep.ReadDigits(part));
                    break;
                case "ByteLevel":
                    if (part.Flag("use_regex", fallback: true))
                    {
                        steps.Add(SplitStep.Gpt2);
                    }
                    break;
                case var other:
                    throw part.Error($"is of type '{other}', which is not implemented; implemented are ByteLevel, Digits, Sequence and Split");
            }
        }
        if (parts.Count(part => part.Get("type").Text() == "ByteLevel") != 1 || parts[^1].Get("type").Text() != "ByteLevel")
        {
            throw preTokenizer.Error("does not end with the one ByteLevel that turns words into bytes");
        }
        var addsPrefixSpace = parts[^1].Flag("add_prefix_space", fallback: true);
        return addsPrefixSpace && parts.Count > 1
            ? throw parts[^1].Error("adds a space before every word, which is not implemented; set add_prefix_space to false")
            : new WordSplitter(steps, addsPrefixSpace);
    }

    private static bool IsCompose(JsonPart normalizer)
    {
        var parts = Flatten(normalizer, "normalizers").ToList();
        foreach (var part in parts)
        {
            if (part.Get("type").Text() is var type && type != "NFC")
            {
                throw part.Error($"is of type '{type}', which is not implemented; implemented are none, NFC and Sequence");
            }
        }
        return parts.Count > 0;
    }

    private static IEnumerable<JsonPart> Flatten(JsonPart part, string members) => part.Get("type").Text() == "Sequence"
        ? part.Get(members).Items().SelectMany(inner => Flatten(inner, members))
        : [part];
}
