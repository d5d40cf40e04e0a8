namespace RlhfSharp.Models.Tokenization;

/// <summary>Changes a text before it is cut into words.</summary>
internal interface INormalizer
{
    /// <summary>Changes a text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="before">What stands before this stretch of the text.</param>
    /// <returns>The changed text.</returns>
    TracedText Apply(TracedText text, TextStart before);
}
