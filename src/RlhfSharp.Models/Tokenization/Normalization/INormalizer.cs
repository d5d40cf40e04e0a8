namespace RlhfSharp.Models.Tokenization;

/// <summary>Changes a text before it is cut into words.</summary>
internal interface INormalizer
{
    /// <summary>Changes a text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="isFirst">Whether the whole text begins with this stretch of it: no special token stands before it.</param>
    /// <returns>The changed text.</returns>
    TracedText Apply(TracedText text, bool isFirst);
}
