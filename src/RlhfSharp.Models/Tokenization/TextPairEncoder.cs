using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes one or two texts as an encoder reads them: <c>[CLS] first [SEP]</c>, <c>[CLS] first [SEP] second [SEP]</c>.</summary>
/// <remarks>What is too long is cut, each text at its end or at its beginning, from the longer text first, as Hugging Face's <c>longest_first</c> does (tokenizers,
/// utils/truncation.rs).</remarks>
public sealed class TextPairEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly int _cls;
    private readonly int _sep;
    private readonly TruncationSide _side;

    /// <summary>Initializes an encoder.</summary>
    /// <param name="tokenizer">A tokenizer with the tokens [CLS] and [SEP].</param>
    /// <param name="maxTokens">The most tokens of a result, special ones included; at least 3.</param>
    /// <param name="truncationSide">Which end of a text that is too long is cut off; null goes by the tokenizer.</param>
    /// <exception cref="InputException">The tokenizer names no such tokens.</exception>
    public TextPairEncoder(Tokenizer tokenizer, int maxTokens, TruncationSide? truncationSide = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        (_tokenizer, _maxTokens, _side) = (tokenizer, maxTokens, truncationSide ?? tokenizer.TruncationSide);
        (_cls, _sep) = tokenizer is { ClsId: { } cls, SepId: { } sep }
            ? (cls, sep)
            : throw new InputException("The tokenizer names no cls_token and sep_token, which an encoder's input begins and ends with (tokenizer_config.json).");
    }

    /// <summary>Encodes one text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The ids, and whether something was cut off.</returns>
    public (IReadOnlyList<int> Ids, bool IsCut) Encode(string text)
    {
        var ids = _tokenizer.Encode(text);
        var kept = Math.Min(ids.Count, _maxTokens - 2);
        return ([_cls, .. Keep(ids, kept), _sep], kept < ids.Count);
    }

    /// <summary>Encodes two texts, a question and its answer for instance.</summary>
    /// <param name="first">Comes first.</param>
    /// <param name="second">Comes second.</param>
    /// <returns>The ids, and whether something was cut off.</returns>
    public (IReadOnlyList<int> Ids, bool IsCut) Encode(string first, string second)
    {
        var (one, other) = (_tokenizer.Encode(first), _tokenizer.Encode(second));
        var (keptOne, keptOther) = Share(one.Count, other.Count, _maxTokens - 3);
        return ([_cls, .. Keep(one, keptOne), _sep, .. Keep(other, keptOther), _sep], keptOne < one.Count || keptOther < other.Count);
    }

    private IEnumerable<int> Keep(IReadOnlyList<int> ids, int count) => _side == TruncationSide.Left ? ids.TakeLast(count) : ids.Take(count);

    /// <summary>Says how much of two texts is kept: the longer one gives way until both are equally long.</summary>
    internal static (int First, int Second) Share(int first, int second, int room)
    {
        if (first + second <= room)
        {
            return (first, second);
        }
        var shorter = Math.Min(first, second);
        var (small, large) = shorter <= room / 2 ? (shorter, room - shorter) : (room / 2, room - room / 2);
        return first <= second ? (small, large) : (large, small);
    }
}
