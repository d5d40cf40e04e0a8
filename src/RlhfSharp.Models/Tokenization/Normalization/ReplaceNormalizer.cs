using System.Text.RegularExpressions;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Replaces one text, or all that an expression finds, by another.</summary>
internal sealed class ReplaceNormalizer : INormalizer
{
    private readonly string? _text;     // one of the two
    private readonly Regex? _pattern;
    private readonly string _by;

    /// <summary>Initializes one that replaces a text, which is not empty.</summary>
    public ReplaceNormalizer(string text, string by) => (_text, _by) = (text, by);

    /// <summary>Initializes one that replaces what an expression finds, which is written for whole characters.</summary>
    public ReplaceNormalizer(Regex pattern, string by) => (_pattern, _by) = (pattern, by);

    public TracedText Apply(TracedText text, TextStart before)
    {
        // Where it may grow, the editor sees to it that it does not without bounds.
        if (_text is not null && text.Origin is null && _by.Length <= _text.Length)
        {
            return new(text.Text.Replace(_text, _by, StringComparison.Ordinal), null);
        }
        var editor = new TextEditor(text);
        foreach (var (start, end) in Find(text.Text))
        {
            editor.Replace(start, end, _by);
        }
        return editor.Finish();
    }

    private List<(int Start, int End)> Find(string text)
    {
        if (_pattern is not null)
        {
            var shadow = RegexShadow.Of(text);
            return [.. _pattern.Places(shadow.Text).Select(place => (shadow.Place(place.Start), shadow.Place(place.End)))];
        }
        var places = new List<(int, int)>();
        for (var at = text.IndexOf(_text!, StringComparison.Ordinal); at >= 0; at = text.IndexOf(_text!, at + _text!.Length, StringComparison.Ordinal))
        {
            places.Add((at, at + _text!.Length));
        }
        return places;
    }
}
