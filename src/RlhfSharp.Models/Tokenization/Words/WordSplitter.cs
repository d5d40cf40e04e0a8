namespace RlhfSharp.Models.Tokenization;

/// <summary>Cuts text into words before the pieces of each word are looked for.</summary>
/// <param name="steps">Applied one after another, each to the words of the one before.</param>
internal sealed class WordSplitter(params IReadOnlyList<IWordStep> steps)
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="before">What stands before this stretch of the text.</param>
    /// <returns>The words in order, none empty.</returns>
    public IEnumerable<TracedText> Split(TracedText text, TextStart before)
    {
        if (text.Text.Length == 0)
        {
            return [];
        }
        IEnumerable<TracedText> words = [text];
        foreach (var step in steps)
        {
            // Where a prefix goes before every word, it does before those that a step before has cut out.
            words = words.SelectMany((word, index) => step.Cut(word, index == 0 ? before : TextStart.SpecialToken));
        }
        return words;
    }

    /// <summary>Cuts a text of which nobody asks where its words came from.</summary>
    public IEnumerable<string> Split(string text) => Split(new TracedText(text, null), TextStart.Nothing).Select(word => word.Text);
}
