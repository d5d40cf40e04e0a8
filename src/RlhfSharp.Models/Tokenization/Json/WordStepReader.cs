namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c>.</summary>
internal static class WordStepReader
{
    private const string Sequence = "pretokenizers";
    private const string ByteLevel = "ByteLevel";

    /// <summary>Says whether words become bytes.</summary>
    public static bool IsByteLevel(JsonPart json) => json.Flatten(Sequence).Any(part => part.Get("type").Text() == ByteLevel);

    /// <summary>Reads the steps of a vocabulary of characters.</summary>
    public static WordSplitter Read(JsonPart json) => new([.. json.Flatten(Sequence).Select(ReadOne)]);

    /// <summary>Reads the steps of a vocabulary of bytes.</summary>
    public static WordSplitter ReadByteLevel(JsonPart json)
    {
        var parts = json.Flatten(Sequence).ToList();
        if (parts.Count(part => part.Get("type").Text() == ByteLevel) != 1 || parts[^1].Get("type").Text() != ByteLevel)
        {
            throw json.Error("does not end with the one ByteLevel that turns words into bytes");
        }
        var last = parts[^1];
        var addsPrefixSpace = last.Flag("add_prefix_space", fallback: true);
        if (addsPrefixSpace && parts.Count > 1)
        {
            throw last.Error("adds a space before every word, which is not implemented; set add_prefix_space to false");
        }
        var steps = parts[..^1].Select(ReadOne).ToList();
        if (last.Flag("use_regex", fallback: true))
        {
            steps.Add(SplitStep.Gpt2);
        }
        return BytePairParts.ByteLevelWords(steps, addsPrefixSpace);
    }

    private static IWordStep ReadOne(JsonPart part) => part.Get("type").Text() switch
    {
        "Digits" => SplitStep.ReadDigits(part),
        "Metaspace" => MetaspaceStep.Read(part),
        "Punctuation" => SplitStep.ReadPunctuation(part),
        "Split" => SplitStep.Read(part),
        "WhitespaceSplit" => SplitStep.WhiteSpace,
        var other => throw part.Get("type").Error(
            $"is '{other}', which is not implemented; implemented are ByteLevel, Digits, Metaspace, Punctuation, Sequence, Split and WhitespaceSplit"),
    };
}
