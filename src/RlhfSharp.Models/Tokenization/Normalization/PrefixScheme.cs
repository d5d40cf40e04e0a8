namespace RlhfSharp.Models.Tokenization;

/// <summary>Where a space is put that no text has, with the names of Hugging Face's tokenizers.</summary>
internal enum PrefixScheme
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>Where the whole text begins, unless a special token does.</summary>
    First,

    /// <summary>Before every stretch between special tokens, or every word where words were cut before.</summary>
    Always,
}
