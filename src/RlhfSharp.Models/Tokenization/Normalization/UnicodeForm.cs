namespace RlhfSharp.Models.Tokenization;

/// <summary>Brings a text into Unicode's form C, the composed one, or D.</summary>
internal sealed class UnicodeForm(bool composes) : INormalizer
{
    public TracedText Apply(TracedText text, bool isFirst) => CanonicalForms.Apply(text, composes);
}
