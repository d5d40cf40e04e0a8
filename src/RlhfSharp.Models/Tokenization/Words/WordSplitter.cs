namespace RlhfSharp.Models.Tokenization;

/// <summary>Cuts text into words before the pieces of each word are looked for.</summary>
/// <param name="steps">Applied one after another, each to the words of the one before.</param>
internal sealed class WordSplitter(params IReadOnlyList<IWordStep> steps)
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="isFirst">Whether the whole text begins with this stretch of it.</param>
    /// <returns>The words in order, none empty.</returns>
    public IEnumerable<TracedText> Split(TracedText text, bool isFirst)
    {
        if (text.Text.Length == 0)
        {
            return [];
        }
        IEnumerable<TracedText> words = [text];
        foreach (var step in steps)
        {
            words = words.SelectMany((word, index) => step.Cut(word, isFirst && index == 0));
        }
        return words;
    }

    /// <summary>Cuts a text of which nobody asks where its words came from.</summary>
    public IEnumerable<string> Split(string text) => Split(new TracedText(text, null), isFirst: true).Select(word => word.Text);
}
