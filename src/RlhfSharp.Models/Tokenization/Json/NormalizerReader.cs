namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the <c>normalizer</c> of a <c>tokenizer.json</c>.</summary>
internal static class NormalizerReader
{
    public static IReadOnlyList<INormalizer> Read(JsonPart json) => [.. json.Flatten("normalizers").Select(ReadOne)];

    private static INormalizer ReadOne(JsonPart part) => part.Get("type").Text() switch
    {
        "NFC" => new UnicodeForm(composes: true, isCompatible: false),
        "NFD" => new UnicodeForm(composes: false, isCompatible: false),
        "NFKC" => new UnicodeForm(composes: true, isCompatible: true),
        "NFKD" => new UnicodeForm(composes: false, isCompatible: true),
        "Lowercase" => new LowercaseNormalizer(),
        "Prepend" => new SpacePrefix(part.Get("prepend").Text(), PrefixScheme.Always, unlessThere: false),
        "Replace" => ReadReplace(part),
        "Strip" => new StripNormalizer(part.Flag("strip_left", fallback: true), part.Flag("strip_right", fallback: true)),
        "Precompiled" => ReadPrecompiled(part.Get("precompiled_charsmap")),
        var other => throw part.Get("type").Error(
            $"is '{other}', which is not implemented; implemented are Lowercase, NFC, NFD, NFKC, NFKD, Precompiled, Prepend, Replace, Sequence and Strip"),
    };

    private static ReplaceNormalizer ReadReplace(JsonPart part) => new(Expressions.Read(part.Get("pattern")), part.Get("content").Text());

    private static CharacterMap ReadPrecompiled(JsonPart map)
    {
        var text = map.Text();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? CharacterMap.TryRead(bytes.AsSpan(0, length)) ?? throw map.Error("is no table of characters, or a damaged one")
            : throw map.Error("is no text in base64");
    }
}
