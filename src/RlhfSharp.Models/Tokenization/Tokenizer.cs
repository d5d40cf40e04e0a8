using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Turns text into token ids and back. One façade over every kind of tokenizer file.</summary>
public abstract class Tokenizer
{
    /// <summary>Gets the number of ids: the highest id plus one, added tokens included.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Gets the id that starts a text; null when the tokenizer names none.</summary>
    public abstract int? BosId { get; }

    /// <summary>Gets the id that ends a text; null when the tokenizer names none.</summary>
    public abstract int? EosId { get; }

    /// <summary>Gets the id for padding; null when the tokenizer names none.</summary>
    public abstract int? PadId { get; }

    /// <summary>Gets the id that begins what an encoder reads; null when the tokenizer names none.</summary>
    public virtual int? ClsId => null;

    /// <summary>Gets the id that ends each text an encoder reads; null when the tokenizer names none.</summary>
    public virtual int? SepId => null;

    /// <summary>Gets the template by which Hugging Face's code writes dialogues out; null when there is none.</summary>
    public virtual string? ChatTemplate => null;

    /// <summary>Gets which end of a text is cut off where it is too long, unless who cuts says otherwise.</summary>
    /// <value>As <c>truncation_side</c> of <c>tokenizer_config.json</c> says; without it right.</value>
    public virtual TruncationSide TruncationSide => TruncationSide.Right;

    /// <summary>Encodes a text. No special token is added; the text of a special token inside it becomes that token, as in Hugging Face.</summary>
    /// <param name="text">Any text, empty included.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="InputException">The text has a character for which the vocabulary has no token, not even an unknown one.</exception>
    public IReadOnlyList<int> Encode(string text) => Encode(text, TextStart.Nothing);

    /// <summary>Encodes a text that something stands before; otherwise as <see cref="Encode(string)"/>.</summary>
    /// <param name="text">Any text, empty included.</param>
    /// <param name="before">What stands before it.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="InputException">The text has a character for which the vocabulary has no token, not even an unknown one.</exception>
    public abstract IReadOnlyList<int> Encode(string text, TextStart before);

    /// <summary>Encodes a text that is given in pieces: as in one, but for that no token spans two pieces.</summary>
    /// <param name="pieces">The pieces, empty ones included.</param>
    /// <param name="before">What stands before the first.</param>
    /// <returns>The ids of each piece.</returns>
    /// <exception cref="InputException">A piece has a character for which the vocabulary has no token, not even an unknown one.</exception>
    public IReadOnlyList<IReadOnlyList<int>> EncodePieces(IEnumerable<string> pieces, TextStart before = TextStart.Nothing)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var encoded = new List<IReadOnlyList<int>>();
        foreach (var piece in pieces)
        {
            var ids = Encode(piece, before);
            before = piece.Length == 0 ? before : ids is [.., var last] && IsAdded(last) ? TextStart.SpecialToken : TextStart.Text;
            encoded.Add(ids);
        }
        return encoded;
    }

    /// <summary>Encodes a text as <see cref="Encode(string)"/> does and says where each token stands in it.</summary>
    /// <param name="text">Any text, empty included.</param>
    /// <returns>The tokens, in order. Neither starts nor ends go back. A token covers its spaces, what normalisation made of several characters covers
    /// them all, and a character that takes several tokens is covered by each. What was put in, a first space for instance, is nowhere; what
    /// normalisation took away is covered by no token.</returns>
    /// <exception cref="InputException">The text has a character for which the vocabulary has no token, not even an unknown one.</exception>
    public IReadOnlyList<TokenSpan> EncodeWithSpans(string text) => EncodeWithSpans(text, TextStart.Nothing);

    /// <summary>Encodes a text that something stands before; otherwise as <see cref="EncodeWithSpans(string)"/>.</summary>
    /// <param name="text">Any text, empty included.</param>
    /// <param name="before">What stands before it.</param>
    /// <returns>The tokens, in order.</returns>
    /// <exception cref="InputException">The text has a character for which the vocabulary has no token, not even an unknown one.</exception>
    public abstract IReadOnlyList<TokenSpan> EncodeWithSpans(string text, TextStart before);

    /// <summary>Encodes one text or two with the special tokens that the tokenizer's files put around them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="second">A second one, an answer for instance; null for none.</param>
    /// <returns>The tokens. Each place counts in the text that the token comes from; a special token has an empty one.</returns>
    /// <remarks>The post-processor of a <c>tokenizer.json</c> decides. Other files: <c>[CLS] text [SEP] second [SEP]</c> where there are such tokens; else the
    /// beginning and the end, as <c>add_bos_token</c> (for a SentencePiece model true unless it is given) and <c>add_eos_token</c> say.</remarks>
    /// <exception cref="InputException">A text has a character for which the vocabulary has no token, not even an unknown one.</exception>
    public virtual IReadOnlyList<TokenSpan> EncodeWithSpecialTokens(string text, string? second = null) =>
        second is null ? EncodeWithSpans(text) : [.. EncodeWithSpans(text), .. EncodeWithSpans(second)];

    /// <summary>Decodes ids.</summary>
    /// <param name="ids">Ids below <see cref="VocabularySize"/>.</param>
    /// <param name="skipSpecialTokens">Whether tokens such as end of sequence are left out.</param>
    /// <returns>The text; bytes that form no character become U+FFFD.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public abstract string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true);

    /// <summary>Looks up the id of a token by its text in the vocabulary.</summary>
    /// <param name="token">For instance <c>&lt;/s&gt;</c>.</param>
    /// <returns>The id, or null.</returns>
    public abstract int? IdOf(string token);

    /// <summary>Writes the tokenizer's files, as Hugging Face names them, into a folder.</summary>
    /// <param name="directory">An existing folder.</param>
    public abstract void Save(string directory);

    /// <summary>Refuses a model whose vocabulary is too small for this tokenizer. A larger one is fine: many models pad their embeddings.</summary>
    /// <param name="modelVocabularySize">The number of ids that the model knows.</param>
    /// <param name="directory">Where tokenizer and model come from, for the message.</param>
    /// <exception cref="InputException">This tokenizer has ids that the model does not know.</exception>
    public void RequireFits(int modelVocabularySize, string directory)
    {
        if (VocabularySize > modelVocabularySize)
        {
            throw new InputException($"The tokenizer of '{directory}' has {VocabularySize} ids, the model knows {modelVocabularySize} (vocab_size). "
                + "They belong to different models.");
        }
    }

    /// <summary>Tells whether an id is that of an added token, which is cut out of texts before anything else is done to them.</summary>
    private protected virtual bool IsAdded(int id) => false;

    /// <summary>Replaces halves of surrogate pairs, which are no characters, by U+FFFD, as writing UTF-8 would.</summary>
    private protected static string WellFormed(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }
}
