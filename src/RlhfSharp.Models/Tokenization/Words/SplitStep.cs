using System.Text.RegularExpressions;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Cuts text at what an expression finds.</summary>
/// <param name="pattern">What is found, written for whole characters.</param>
/// <param name="behavior">What becomes of it.</param>
/// <param name="inverts">Whether what is found and what lies between changes places: what is found is kept then.</param>
internal sealed class SplitStep(Regex pattern, SplitBehavior behavior = SplitBehavior.Isolated, bool inverts = false) : IWordStep
{
    /// <summary>Gets GPT-2's words (Radford et al. 2019, its code): contractions, letters, digits and other marks, each with the space
    /// before it.</summary>
    public static SplitStep Gpt2 { get; } =
        new(Expressions.Compile(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"));

    /// <summary>Gets what is left between white space.</summary>
    public static SplitStep WhiteSpace { get; } = new(Expressions.Compile(@"\s"), SplitBehavior.Removed);

    /// <summary>Reads a <c>Split</c> of Hugging Face's tokenizers.</summary>
    public static SplitStep Read(JsonPart json) =>
        new(Expressions.Read(json.Get("pattern")), json.Get("behavior").Choice<SplitBehavior>(), json.Flag("invert", fallback: false));

    /// <summary>Reads a <c>Digits</c> of Hugging Face's tokenizers.</summary>
    public static SplitStep ReadDigits(JsonPart json) =>
        new(Expressions.Compile(json.Flag("individual_digits", fallback: false) ? @"\p{N}" : @"\p{N}+"));

    /// <summary>Reads a <c>Punctuation</c> of Hugging Face's tokenizers: ASCII's punctuation and all that Unicode calls so.</summary>
    public static SplitStep ReadPunctuation(JsonPart json) =>
        new(Expressions.Compile(@"[\p{P}$+<=>^`|~]"), json.Find("behavior")?.Choice<SplitBehavior>() ?? SplitBehavior.Isolated);

    public IEnumerable<TracedText> Cut(TracedText text, TextStart before)
    {
        var shadow = RegexShadow.Of(text.Text);
        foreach (var (start, end) in Arrange(Stretches(shadow.Text)))
        {
            yield return text.Slice(shadow.Place(start), shadow.Place(end));
        }
    }

    // All of the text: what separates words and what does not, none empty.
    private List<(int Start, int End, bool Separates)> Stretches(string text)
    {
        var (result, done) = (new List<(int, int, bool)>(), 0);
        foreach (var (start, end) in pattern.Places(text))
        {
            AddGap(start);
            done = end;
            result.Add((start, end, !inverts));
        }
        AddGap(text.Length);
        return result;

        void AddGap(int end)
        {
            if (end > done)
            {
                result.Add((done, end, inverts));
            }
        }
    }

    private List<(int Start, int End)> Arrange(List<(int Start, int End, bool Separates)> stretches)
    {
        var words = new List<(int Start, int End)>(stretches.Count);
        var (lastSeparates, isFirst) = (false, true);
        foreach (var (start, end, separates) in stretches)
        {
            var joins = !isFirst && behavior switch
            {
                SplitBehavior.MergedWithPrevious => separates && !lastSeparates,
                SplitBehavior.MergedWithNext => !separates && lastSeparates,
                SplitBehavior.Contiguous => separates == lastSeparates,
                _ => false,
            };
            if (joins)
            {
                words[^1] = (words[^1].Start, end);
            }
            else if (!(behavior == SplitBehavior.Removed && separates))
            {
                words.Add((start, end));
            }
            (lastSeparates, isFirst) = (separates, false);
        }
        return words;
    }
}
