using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes a changed copy of a text, from its beginning to its end, and keeps track of origins where the text does.</summary>
internal sealed class TextEditor
{
    private readonly TracedText _source;
    private readonly StringBuilder _text;
    private readonly List<(int Start, int End)>? _ranges;
    private int _done;        // of the source
    private bool _isChanged;

    public TextEditor(TracedText source)
    {
        _source = source;
        _text = new StringBuilder(source.Text.Length + 1);
        _ranges = source.Origin is null ? null : new(source.Text.Length + 1);
    }

    /// <summary>Puts another text in place of a stretch; what lies before it and was not dealt with stays as it is.</summary>
    /// <param name="start">Where the stretch begins, not before the end of the last one.</param>
    /// <param name="end">Where it ends; the same place to put something in before a character.</param>
    /// <param name="text">The new text; empty to leave the stretch out. Each of its units comes from the whole stretch: marks may have changed places in it.</param>
    public void Replace(int start, int end, ReadOnlySpan<char> text)
    {
        Keep(start);
        _done = end;
        _isChanged = true;
        _text.Append(text);
        if (_ranges is not null && _source.Origin is { } origin)
        {
            var at = start < _source.Text.Length ? origin.Of(start, start + 1).Start : origin.Of(start - 1, start).End;
            var range = end > start ? origin.Of(start, end) : (at, at);
            for (var i = 0; i < text.Length; i++)
            {
                _ranges.Add(range);
            }
        }
    }

    /// <summary>Ends the text.</summary>
    public TracedText Finish()
    {
        if (!_isChanged)
        {
            return _source;
        }
        Keep(_source.Text.Length);
        return new(_text.ToString(), _ranges is null ? null : TextOrigin.Of([.. _ranges]));
    }

    private void Keep(int end)
    {
        if (end > _done)
        {
            _text.Append(_source.Text, _done, end - _done);
            if (_source.Origin is { } origin)
            {
                AddEach(origin, _done, end);
            }
            _done = end;
        }
    }

    private void AddEach(TextOrigin origin, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            _ranges!.Add(origin.Of(i, i + 1));
        }
    }
}
