namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes spaces as a mark, puts one before the text, and cuts before each: the <c>Metaspace</c> of Hugging Face's tokenizers.</summary>
/// <param name="mark">What stands for a space, usually U+2581.</param>
/// <param name="scheme">Where a mark goes that no space stands for; not where one stands already.</param>
/// <param name="cuts">Whether every mark begins a word.</param>
internal sealed class MetaspaceStep(char mark, PrefixScheme scheme, bool cuts) : IWordStep
{
    private readonly ReplaceNormalizer _spaces = new(" ", mark.ToString());
    private readonly SpacePrefix _prefix = new(mark.ToString(), scheme, unlessThere: true);

    /// <summary>Reads a <c>Metaspace</c>.</summary>
    public static MetaspaceStep Read(JsonPart json) => new(ReadMark(json), ReadScheme(json), json.Flag("split", fallback: true));

    /// <summary>Reads what stands for a space.</summary>
    public static char ReadMark(JsonPart json) => json.Get("replacement").Text() is [var mark]
        ? mark
        : throw json.Error("has a 'replacement' of another length than one character");

    /// <summary>Reads the scheme. Older files have a flag <c>add_prefix_space</c> instead.</summary>
    public static PrefixScheme ReadScheme(JsonPart json)
    {
        var adds = json.Flag("add_prefix_space", fallback: true);
        return json.Find("prepend_scheme")?.Choice<PrefixScheme>() is { } scheme
            ? adds || scheme == PrefixScheme.Never ? scheme : throw json.Error("says both add_prefix_space false and a prepend_scheme other than never")
            : adds ? PrefixScheme.Always : PrefixScheme.Never;
    }

    public IEnumerable<TracedText> Cut(TracedText text, TextStart before)
    {
        var marked = _prefix.Apply(_spaces.Apply(text, before), before);
        var start = 0;
        while (cuts && start < marked.Text.Length && marked.Text.IndexOf(mark, start + 1) is >= 0 and var next)
        {
            yield return marked.Slice(start, next);
            start = next;
        }
        yield return marked.Slice(start, marked.Text.Length);
    }
}
