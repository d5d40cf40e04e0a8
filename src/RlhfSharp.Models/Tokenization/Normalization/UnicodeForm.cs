namespace RlhfSharp.Models.Tokenization;

/// <summary>Brings a text into one of Unicode's normalisation forms.</summary>
/// <param name="composes">Whether into a composed one, C or KC.</param>
/// <param name="isCompatible">Whether into KC or KD.</param>
internal sealed class UnicodeForm(bool composes, bool isCompatible) : INormalizer
{
    public TracedText Apply(TracedText text, TextStart before) => CanonicalForms.Apply(text, composes, isCompatible);
}
