namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes letters small, each by itself as Hugging Face's tokenizers do: Σ is σ also at the end of a word.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    // Of its own, so that ids do not depend on the platform's Unicode library.
    private static readonly Dictionary<int, string> Small =
        UnicodeTable.Mapping("lower-case.txt", '>').ToDictionary(entry => entry.Key, entry => string.Concat(entry.Value.Select(char.ConvertFromUtf32)));

    public TracedText Apply(TracedText text, TextStart before)
    {
        var editor = new TextEditor(text);
        var at = 0;
        foreach (var rune in text.Text.EnumerateRunes())
        {
            var end = at + rune.Utf16SequenceLength;
            if (Small.TryGetValue(rune.Value, out var small))
            {
                editor.Replace(at, end, small);
            }
            at = end;
        }
        return editor.Finish();
    }
}
