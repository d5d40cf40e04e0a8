namespace RlhfSharp.Models.Tokenization;

/// <summary>Which end of a text is cut off where it is too long: <c>truncation_side</c> of <c>tokenizer_config.json</c>.</summary>
public enum TruncationSide
{
    /// <summary>The end, Hugging Face's default: what was said first stays.</summary>
    Right,

    /// <summary>The beginning: what was said last stays.</summary>
    Left,
}
