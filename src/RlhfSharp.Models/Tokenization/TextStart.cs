namespace RlhfSharp.Models.Tokenization;

/// <summary>What stands before a text that is encoded. SentencePiece tokenizers put a space before a text, and some before whatever follows a special token; none goes into the
/// middle of one.</summary>
public enum TextStart
{
    /// <summary>Nothing, or a token that Hugging Face's tokenizers put there by themselves.</summary>
    Nothing,

    /// <summary>The text of a special token, as chat templates write it.</summary>
    SpecialToken,

    /// <summary>Text: what is encoded goes on from it.</summary>
    Text,
}
