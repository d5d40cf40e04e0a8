using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Rewards;

/// <summary>How a prompt and an answer become what a reward model reads.</summary>
public sealed class RewardFormat
{
    /// <summary>The format of encoders: <c>[CLS] prompt [SEP] answer [SEP]</c>.</summary>
    public const string Pair = "pair";

    /// <summary>The key of <c>config.json</c> that keeps the format a reward model was trained with; Hugging Face's code passes it over.</summary>
    public const string ConfigKey = "rlhf_reward_format";

    private readonly Tokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly IChatFormat? _chat;   // null for pairs
    private readonly TextPairEncoder? _pairs;

    private RewardFormat(Tokenizer tokenizer, int maxTokens, IChatFormat? chat)
    {
        (_tokenizer, _maxTokens, _chat) = (tokenizer, maxTokens, chat);
        _pairs = chat is null ? new TextPairEncoder(tokenizer, maxTokens) : null;
    }

    /// <summary>Gets the names that can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [Pair, .. ChatFormats.Names];

    /// <summary>Gets the format's name.</summary>
    public string Name => _chat?.Name ?? Pair;

    /// <summary>Chooses a format.</summary>
    /// <param name="config">The reward model's configuration.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="name">One of <see cref="Names"/>; null for the model's own: what it was trained with here, pairs for an encoder, UltraRM's form for
    /// UltraRM, else what the tokenizer's <c>chat_template</c> describes.</param>
    /// <param name="maxTokens">The most tokens the model is given; null for all that it can read.</param>
    /// <returns>The format.</returns>
    /// <exception cref="InputException">There is no such format, or the model does not say which is its own.</exception>
    public static RewardFormat Choose(ModelConfig config, Tokenizer tokenizer, string? name, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (name is not null && !Names.Contains(name))
        {
            throw new InputException($"There is no format '{name}' for reward models. {NearestName.Hint(name, Names)}");
        }
        name ??= Own(config, tokenizer);
        return new RewardFormat(tokenizer, maxTokens ?? config.MaxPositions, name == Pair ? null : ChatFormats.Get(name));
    }

    /// <summary>Writes a request as token ids.</summary>
    /// <param name="request">Prompt and answer.</param>
    /// <returns>The ids, and whether something was cut off: of a pair the ends (or the beginnings, where the tokenizer truncates on the left), from the longer text first; of anything else the beginning.</returns>
    /// <exception cref="InputException">The format has no words for these turns, or nothing is left to read.</exception>
    public (IReadOnlyList<int> Ids, bool IsCut) Encode(ScoreRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (ids, isCut) = _pairs is not null ? EncodePair(_pairs, request) : EncodeWhole(request, _chat!);
        return ids.Count > 0 ? (ids, isCut) : throw new InputException($"'{request.Id}' is empty: there is nothing to score.");
    }

    // An encoder reads no markers of roles.
    private static (IReadOnlyList<int> Ids, bool IsCut) EncodePair(TextPairEncoder pairs, ScoreRequest request) =>
        request.Prompt is { } prompt ? pairs.Encode(prompt.ToPlainText(), request.Completion.ToPlainText()) : pairs.Encode(request.Completion.ToPlainText());

    // As Hugging Face's code would: the dialogue is written out, then tokenised in one piece.
    private (IReadOnlyList<int> Ids, bool IsCut) EncodeWhole(ScoreRequest request, IChatFormat chat)
    {
        var ids = _tokenizer.Encode(request.Write(chat), chat.BeginsWithBos && _tokenizer.BosId is not null ? chat.Start : TextStart.Nothing);
        int[] begin = chat.BeginsWithBos && _tokenizer.BosId is { } bos && (ids.Count == 0 || ids[0] != bos) ? [bos] : [];
        var room = _maxTokens - begin.Length;
        return ([.. begin, .. ids.Skip(ids.Count - room)], ids.Count > room);
    }

    private static string Own(ModelConfig config, Tokenizer tokenizer) => config.File.Text(ConfigKey, string.Empty) is { Length: > 0 } trained
        ? trained
        : config.IsEncoder ? Pair
        : config.IsUltraRm ? "ultrarm"
        : tokenizer.ChatTemplate is { } template
            ? ChatFormats.Recognize(template, tokenizer.EosId is { } end ? tokenizer.Decode([end], skipSpecialTokens: false) : null).Name
            : throw new InputException($"Neither the reward model nor its tokenizer says how a dialogue is written out. Name the format. Allowed: {string.Join(", ", Names.Order(StringComparer.Ordinal))}.");
}
