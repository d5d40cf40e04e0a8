namespace RlhfSharp.Models.Tokenization;

/// <summary>Decodes tokens as they come, and never shows half a character.</summary>
/// <remarks>Byte-level and byte-fallback tokens may end inside a character. What might still change, which is at most the last character, waits for the next
/// token. All pieces together are what <see cref="Tokenizer.Decode"/> makes of all tokens. Each call decodes a few tokens only.</remarks>
/// <param name="tokenizer">What made the tokens.</param>
/// <param name="skipSpecialTokens">Whether tokens such as end of sequence are left out.</param>
public sealed class IncrementalDecoder(Tokenizer tokenizer, bool skipSpecialTokens = true)
{
    private const char Replacement = '\uFFFD';
    private const int LongWindow = 16;    // tokens that are decoded at a time before some are let go although no whole character ended
    private const int ShortWindow = 8;    // more than the bytes of a character, each a token at least

    private readonly List<int> _window = [];   // the newest tokens: what they look like may depend on those before them
    private int _shown;                        // how much of the window's text was given out

    /// <summary>Takes a token.</summary>
    /// <param name="id">An id of the vocabulary.</param>
    /// <returns>The text that is certain now and was not before; may be empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public string Add(int id)
    {
        _window.Add(id);
        var text = Text(_window.Count);
        // A replacement character at the end is a character that has not ended, or will never end; those before it will not change any more.
        var certain = text.EndsWith(Replacement) ? text.Length - 1 : text.Length;
        var piece = text[Math.Min(_shown, certain)..certain];
        _shown = Math.Max(_shown, certain);
        Shorten(certain < text.Length);
        return piece;
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back: U+FFFD for a character that did not come to its end; empty otherwise. The next token begins a new text.</returns>
    public string Finish()
    {
        var piece = Text(_window.Count)[_shown..];
        _window.Clear();
        _shown = 0;
        return piece;
    }

    private string Text(int count) => tokenizer.Decode(_window[^count..], skipSpecialTokens);

    // The window must keep some text: a tokenizer that takes a blank away at the beginning would take the next token's otherwise.
    private void Shorten(bool isOpen)
    {
        if (isOpen && _window.Count < LongWindow)
        {
            return;
        }
        for (var count = isOpen ? ShortWindow : 1; count < _window.Count; count++)
        {
            var text = Text(count);
            if (!string.IsNullOrWhiteSpace(text) && text.EndsWith(Replacement) == isOpen)
            {
                _window.RemoveRange(0, _window.Count - count);
                _shown = isOpen ? text.Length - 1 : text.Length;
                return;
            }
        }
    }
}
