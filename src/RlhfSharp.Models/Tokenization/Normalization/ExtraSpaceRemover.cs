namespace RlhfSharp.Models.Tokenization;

/// <summary>SentencePiece's <c>remove_extra_whitespaces</c>: runs of spaces shrink to one, those at the ends vanish. Its own mark of a space is one.</summary>
internal sealed class ExtraSpaceRemover : INormalizer
{
    public TracedText Apply(TracedText text, TextStart before)
    {
        var editor = new TextEditor(text);
        var source = text.Text;
        for (var start = source.AsSpan().IndexOfAny(' ', SentencePieceModel.Space); start >= 0;)
        {
            var end = start + 1;
            while (end < source.Length && IsSpace(source[end]))
            {
                end++;
            }
            if ((start == 0 && before != TextStart.Text) || end == source.Length)
            {
                editor.Replace(start, end, string.Empty);
            }
            else if (end > start + 1 || source[start] != ' ')
            {
                editor.Replace(start, end, " ");
            }
            var next = source.AsSpan(end).IndexOfAny(' ', SentencePieceModel.Space);
            start = next < 0 ? -1 : end + next;
        }
        return editor.Finish();
    }

    private static bool IsSpace(char character) => character is ' ' or SentencePieceModel.Space;
}
