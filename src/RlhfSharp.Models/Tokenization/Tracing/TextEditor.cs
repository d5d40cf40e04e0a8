using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes a changed copy of a text, from its beginning to its end, and keeps track of origins where the text does.</summary>
internal sealed class TextEditor
{
    // Of one text: no character of Unicode becomes more than 18, and no tokenizer puts a page in place of a letter. A file that does would fill the memory.
    private const int MostTimes = 32;
    private const int MostMore = 1000;

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
        if (_text.Length + text.Length > Limit(_source.Text.Length))
        {
            throw new InputException($"A text of {_source.Text.Length} characters would become more than {Limit(_source.Text.Length)}: the tokenizer's file asks for replacements that no tokenizer has.");
        }
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

    /// <summary>Gets the most characters that a text may become.</summary>
    /// <param name="length">Its own.</param>
    public static int Limit(int length) => (int)Math.Min(int.MaxValue, MostMore + (long)MostTimes * length);

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
