namespace RlhfSharp.Models.Tokenization;

/// <summary>Puts a prefix before each word and cuts nothing.</summary>
internal sealed class PrefixStep(SpacePrefix prefix) : IWordStep
{
    public IEnumerable<TracedText> Cut(TracedText text, TextStart before) => [prefix.Apply(text, before)];
}
