namespace RlhfSharp.Models.Tokenization;

/// <summary>Cuts text into words before byte-pair encoding.</summary>
/// <param name="steps">Applied one after another, each to the words of the one before.</param>
/// <param name="addsPrefixSpace">Whether a space goes before a text that does not begin with one.</param>
internal sealed class WordSplitter(IReadOnlyList<SplitStep> steps, bool addsPrefixSpace)
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <returns>The words in order.</returns>
    public IEnumerable<string> Split(string text)
    {
        var spaced = addsPrefixSpace && text.Length > 0 && text[0] != ' ' ? $" {text}" : text;
        var shadow = RegexShadow.Of(spaced);
        IEnumerable<Range> words = [0..shadow.Text.Length];
        foreach (var step in steps)
        {
            words = words.SelectMany(word => Cut(shadow.Text, word, step));
        }
        return words.Select(word => shadow.Original(word));
    }

    private static List<Range> Cut(string text, Range word, SplitStep step)
    {
        var (offset, length) = word.GetOffsetAndLength(text.Length);
        var (result, done) = (new List<Range>(), 0);
        foreach (var match in step.Pattern.EnumerateMatches(text.AsSpan(offset, length)))
        {
            if (match.Length > 0)
            {
                AddGap(match.Index);
                done = match.Index + match.Length;
                result.Add((offset + match.Index)..(offset + done));
            }
        }
        AddGap(length);
        return result;

        void AddGap(int end)
        {
            if (step.KeepsGaps && end > done)
            {
                result.Add((offset + done)..(offset + end));
            }
        }
    }
}
