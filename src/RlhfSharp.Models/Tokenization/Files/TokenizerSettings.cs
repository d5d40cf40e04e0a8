using System.Text.Json;

namespace RlhfSharp.Models.Tokenization;

/// <summary>What the small files beside a vocabulary say: <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>, <c>added_tokens.json</c>, and
/// the ids in <c>generation_config.json</c> and <c>config.json</c>. The first of them that has a key decides, also when it says null.</summary>
internal sealed class TokenizerSettings
{
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly JsonPart[] _named;
    private readonly JsonPart[] _numbered;
    private readonly JsonPart? _config;
    private readonly JsonPart? _added;

    public TokenizerSettings(TokenizerFiles files)
    {
        _config = files.FindJson(TokenizerFiles.Config);
        _added = files.FindJson(TokenizerFiles.AddedTokens);
        _named = [.. new[] { _config, files.FindJson(TokenizerFiles.SpecialTokens) }.OfType<JsonPart>()];
        _numbered = [.. new[] { files.FindJson("generation_config.json"), files.FindJson("config.json") }.OfType<JsonPart>()];
    }

    public bool Flag(string name, bool fallback) => _config?.Flag(name, fallback) ?? fallback;

    /// <summary>Gets the template of dialogues; null where there is none or there are several.</summary>
    public string? ChatTemplate => _config?.Find("chat_template") is { Element.ValueKind: JsonValueKind.String } template ? template.Text() : null;

    /// <summary>Gets which end of a text is cut off where it is too long.</summary>
    /// <exception cref="Runtime.InputException">The file says neither left nor right.</exception>
    public TruncationSide TruncationSide => _config?.Find("truncation_side") switch
    {
        null => TruncationSide.Right,
        { } side => side.Text() switch
        {
            "right" => TruncationSide.Right,
            "left" => TruncationSide.Left,
            var other => throw side.Error($"is '{other}'; allowed are left and right"),
        },
    };

    /// <summary>Gets the text of the token with a role.</summary>
    /// <param name="role">For instance <c>unk_token</c>.</param>
    /// <param name="fallback">What holds where no file has the key.</param>
    /// <returns>The text; null where a file says that there is none.</returns>
    public string? TokenOf(string role, string? fallback) => Source(role) is { } source ? Find(source, role)?.Content : fallback;

    /// <summary>Completes the tokens that are looked for in texts.</summary>
    /// <param name="known">The added tokens of the vocabulary's own file.</param>
    /// <param name="find">Ids of the vocabulary.</param>
    /// <returns>With those that the settings add or give a role to.</returns>
    /// <exception cref="Runtime.InputException">A role is given to a token that does not exist.</exception>
    public List<AddedToken> Complete(IEnumerable<AddedToken> known, Func<string, int?> find)
    {
        var tokens = known.ToDictionary(token => token.Content, StringComparer.Ordinal);
        foreach (var token in DecoderTokens().Concat(NumberedTokens()))
        {
            tokens.TryAdd(token.Content, token);
        }
        foreach (var (content, origin) in Roles.Select(role => Source(role) is { } source ? Find(source, role) : null).OfType<(string, JsonPart)>()
            .Concat(AdditionalTokens()))
        {
            tokens[content] = tokens.TryGetValue(content, out var token) ? token with { IsSpecial = true }
                : new(find(content) ?? throw origin.Error($"names '{content}', which is not a token of this vocabulary"), content, IsSpecial: true);
        }
        return [.. tokens.Values.OrderBy(token => token.Id)];
    }

    /// <summary>Finds the ids of the roles.</summary>
    /// <param name="find">Ids of vocabulary and added tokens.</param>
    /// <param name="size">The number of ids: ids of a model's configuration from there on are not this tokenizer's.</param>
    /// <param name="fallback">What the vocabulary's own file says.</param>
    /// <returns>The ids.</returns>
    public SpecialTokenIds Resolve(Func<string, int?> find, int size, SpecialTokenIds fallback)
    {
        return new(IdOf("bos", fallback.Bos), IdOf("eos", fallback.Eos), IdOf("pad", fallback.Pad), IdOf("cls", fallback.Cls), IdOf("sep", fallback.Sep));

        int? IdOf(string role, int? own) => Source($"{role}_token") is { } source
            ? Find(source, $"{role}_token") is { } named ? find(named.Content) : null
            : own ?? (NumberOf($"{role}_token_id") is { } id && id < size ? id : null);
    }

    private JsonPart? Source(string role)
    {
        foreach (var part in _named)
        {
            if (part.Holds(role))
            {
                return part;
            }
        }
        return null;
    }

    private static (string Content, JsonPart Origin)? Find(JsonPart source, string role) =>
        source.Find(role) is { } value ? (Content(value), value) : null;

    private static string Content(JsonPart value) => value.Element.ValueKind == JsonValueKind.Object ? value.Get("content").Text() : value.Text();

    private IEnumerable<(string Content, JsonPart Origin)> AdditionalTokens()
    {
        const string Key = "additional_special_tokens";
        return Source(Key)?.Find(Key) is { } list ? list.Items().Select(item => (Content(item), item)) : [];
    }

    private IEnumerable<AddedToken> DecoderTokens() => _config?.Find("added_tokens_decoder") is { } decoder
        ? decoder.Members().Select(member => AddedToken.Read(JsonPart.IdFrom(member.Name, member.Value), member.Value))
        : [];

    private IEnumerable<AddedToken> NumberedTokens() =>
        _added?.Members().Select(member => new AddedToken(member.Value.Id(), member.Name, IsSpecial: false, IsNormalized: true)) ?? [];

    // An end of sequence may be a list of ids: the first is the one that ends a text.
    private int? NumberOf(string key)
    {
        foreach (var part in _numbered)
        {
            if (part.Holds(key))
            {
                return part.Find(key) switch
                {
                    null => null,
                    { Element.ValueKind: JsonValueKind.Array } list => list.Items().Select(item => (int?)item.Id()).FirstOrDefault(),
                    { } single => single.Id(),
                };
            }
        }
        return null;
    }
}
