namespace RlhfSharp.Models.Tokenization;

/// <summary>One step of cutting text into words, after which no token spans two of them.</summary>
internal interface IWordStep
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">Well-formed UTF-16, not empty.</param>
    /// <param name="before">What stands before this stretch of the text.</param>
    /// <returns>The words in order, none empty.</returns>
    IEnumerable<TracedText> Cut(TracedText text, TextStart before);
}
