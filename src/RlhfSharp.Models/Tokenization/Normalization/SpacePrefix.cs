namespace RlhfSharp.Models.Tokenization;

/// <summary>Puts a text, usually the mark of a space, before what is not empty.</summary>
/// <param name="prefix">What to put there.</param>
/// <param name="scheme">Before which stretches.</param>
/// <param name="unlessThere">Whether a text that begins so already stays as it is.</param>
internal sealed class SpacePrefix(string prefix, PrefixScheme scheme, bool unlessThere) : INormalizer
{
    public TracedText Apply(TracedText text, TextStart before)
    {
        var adds = scheme switch
        {
            PrefixScheme.Always => before != TextStart.Text,
            PrefixScheme.First => before == TextStart.Nothing,
            _ => false,
        };
        if (!adds || text.Text.Length == 0 || (unlessThere && text.Text.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return text;
        }
        var editor = new TextEditor(text);
        editor.Replace(0, 0, prefix);
        return editor.Finish();
    }
}
