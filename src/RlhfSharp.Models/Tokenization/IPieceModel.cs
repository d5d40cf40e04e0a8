namespace RlhfSharp.Models.Tokenization;

/// <summary>Turns a word into tokens.</summary>
internal interface IPieceModel
{
    /// <summary>Cuts a word and writes its tokens.</summary>
    /// <param name="word">Well-formed UTF-16, not empty.</param>
    /// <param name="output">Where the tokens go; it was told the word.</param>
    void Encode(string word, TokenWriter output);
}
