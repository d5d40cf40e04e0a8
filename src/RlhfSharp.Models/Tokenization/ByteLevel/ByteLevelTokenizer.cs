using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Byte-pair encoding over bytes, as in GPT-2 and its many successors: every text has ids and comes back whole.</summary>
internal sealed class ByteLevelTokenizer : Tokenizer
{
    private readonly BytePairDefinition _definition;
    private readonly BytePairEncoder _encoder;
    private readonly AddedTokenSplitter _original;
    private readonly AddedTokenSplitter _normalized;
    private readonly TokenTable _table;
    private readonly SpecialTokenIds _special;
    private readonly TokenizerFiles _files;

    public ByteLevelTokenizer(BytePairDefinition definition, SpecialTokenIds special, TruncationSide truncationSide, TokenizerFiles files)
    {
        TruncationSide = truncationSide;
        (_definition, _special, _files) = (definition, special, files);
        _encoder = new BytePairEncoder(definition);
        _original = new AddedTokenSplitter(definition.AddedTokens.Where(token => !token.IsNormalized));
        _normalized = new AddedTokenSplitter(definition.AddedTokens.Where(token => token.IsNormalized)
            .Select(token => token with { Content = Normalize(token.Content) }));
        _table = new TokenTable(VocabularyBytes(definition), definition.AddedTokens);
    }

    public override int VocabularySize => _table.Size;

    public override int? BosId => _special.Bos;

    public override int? EosId => _special.Eos;

    public override int? PadId => _special.Pad;

    public override int? ClsId => _special.Cls;

    public override int? SepId => _special.Sep;

    public override string? ChatTemplate => _files.ChatTemplate();

    public override TruncationSide TruncationSide { get; }

    public override IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        // Tokens are looked for in the text as it came, then in what is left of it after normalisation.
        foreach (var (token, part) in _original.Split(WellFormed(text)))
        {
            foreach (var (normalizedToken, stretch) in token is null ? _normalized.Split(Normalize(part)) : [(token, part)])
            {
                if (normalizedToken is not null)
                {
                    ids.Add(normalizedToken.Id);
                    continue;
                }
                foreach (var word in _definition.Words.Split(stretch))
                {
                    _encoder.Encode(word, ids);
                }
            }
        }
        return ids;
    }

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) => _table.Decode(ids, skipSpecialTokens);

    public override int? IdOf(string token) =>
        _table.TryFindAdded(token, out var added) ? added : _definition.Vocabulary.TryGetValue(token, out var id) ? id : null;

    public override void Save(string directory) => _files.Save(directory);

    private string Normalize(string text) => _definition.ComposesText ? CanonicalForms.Compose(text) : text;

    private static IEnumerable<KeyValuePair<int, byte[]>> VocabularyBytes(BytePairDefinition definition)
    {
        var added = definition.AddedTokens.Select(token => token.Id).ToHashSet();
        return definition.Vocabulary.Where(entry => !added.Contains(entry.Value)).Select(entry => KeyValuePair.Create(entry.Value,
            ByteAlphabet.TryRead(entry.Key) ?? throw new InputException(
                $"'{definition.Source}': the token '{entry.Key}' ({entry.Value}) is not written in bytes. Only byte-level ones are implemented.")));
    }
}
