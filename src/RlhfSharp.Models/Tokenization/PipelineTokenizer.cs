using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>A tokenizer in the steps of Hugging Face's: added tokens are cut out of the text; the stretches between them are normalised, cut into words, and
/// each word into the tokens of the vocabulary.</summary>
internal sealed class PipelineTokenizer : Tokenizer
{
    private readonly PipelineDefinition _definition;
    private readonly IPieceModel _model;
    private readonly AddedTokenSplitter _original;
    private readonly AddedTokenSplitter _normalized;
    private readonly TokenTable _table;
    private readonly SpecialTokenIds _special;
    private readonly TokenizerFiles _files;

    public PipelineTokenizer(PipelineDefinition definition, TokenizerSettings settings, TokenizerFiles files)
    {
        (_definition, _files) = (definition, files);
        TruncationSide = settings.TruncationSide;
        var added = settings.Complete(definition.AddedTokens, token => definition.Vocabulary.TryGetValue(token, out var id) ? id : null);
        TokenTable.RequireConsistent(added, definition.Source);
        if (definition.FindsAddedInOriginal)
        {
            added = [.. added.Select(token => token with { IsNormalized = false })];
        }
        AddedTokens = added;
        var addedIds = added.Select(token => token.Id).ToHashSet();
        _table = new TokenTable(
            definition.Vocabulary.Where(entry => !addedIds.Contains(entry.Value))
                .Select(entry => KeyValuePair.Create(entry.Value, definition.Decoder.BytesOf(entry.Key, entry.Value))),
            added);
        _model = definition.Model(added);
        _original = new AddedTokenSplitter(added.Where(token => !token.IsNormalized));
        _normalized = new AddedTokenSplitter(added.Where(token => token.IsNormalized)
            .Select(token => token with { Content = Normalize(new TracedText(token.Content, null), TextStart.Nothing).Text }).Concat(definition.WholePieces));
        _special = settings.Resolve(token => _table.TryFindAdded(token, out var id) ? id : null, _table.Size, definition.Roles);
        Template = definition.Template ?? SpecialTokenTemplate.Of(
            _special, settings.Flag("add_bos_token", definition.UsuallyAddsBos), settings.Flag("add_eos_token", fallback: false));
        if (Template.Pair.Concat(Template.Single).FirstOrDefault(id => id >= _table.Size) is { } missing)
        {
            throw new InputException(
                $"'{definition.Source}': 'post_processor' puts the token {missing} around texts; the vocabulary has the ids 0 to {_table.Size - 1}.");
        }
    }

    /// <summary>Gets the tokens that are looked for in the text itself, by id.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>Gets the special tokens that go around a text.</summary>
    public SpecialTokenTemplate Template { get; }

    public override int VocabularySize => _table.Size;

    public override int? BosId => _special.Bos;

    public override int? EosId => _special.Eos;

    public override int? PadId => _special.Pad;

    public override int? ClsId => _special.Cls;

    public override int? SepId => _special.Sep;

    public override string? ChatTemplate => _files.ChatTemplate();

    public override TruncationSide TruncationSide { get; }

    public override IReadOnlyList<int> Encode(string text, TextStart before)
    {
        ArgumentNullException.ThrowIfNull(text);
        var output = new TokenWriter(traces: false);
        Encode(WellFormed(text), before, output);
        return output.Ids;
    }

    public override IReadOnlyList<TokenSpan> EncodeWithSpans(string text, TextStart before)
    {
        ArgumentNullException.ThrowIfNull(text);
        var output = new TokenWriter(traces: true);
        Encode(WellFormed(text), before, output);
        return output.Spans;
    }

    public override IReadOnlyList<TokenSpan> EncodeWithSpecialTokens(string text, string? second = null)
    {
        var texts = new Queue<string>(second is null ? [text] : [text, second]);
        var (spans, end) = (new List<TokenSpan>(), 0);
        foreach (var id in second is null ? Template.Single : Template.Pair)
        {
            if (id is { } special)
            {
                spans.Add(new TokenSpan(special, end, end));
                continue;
            }
            var next = texts.Dequeue();
            spans.AddRange(EncodeWithSpans(next));
            end = texts.Count == 0 ? next.Length : 0;
        }
        return spans;
    }

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) =>
        _definition.Decoder.Trim(_table.Decode(ids, skipSpecialTokens), _definition.Decoder.TrimsFirstToken ? _table.SpacesBefore(ids, skipSpecialTokens) : 0);

    private protected override bool IsAdded(int id) => _table.IsAdded(id);

    public override int? IdOf(string token) =>
        _table.TryFindAdded(token, out var added) ? added : _definition.Vocabulary.TryGetValue(token, out var id) ? id : null;

    public override void Save(string directory) => _files.Save(directory);

    // Tokens are looked for in the text as it came, then in what is left of it after normalisation.
    private void Encode(string text, TextStart before, TokenWriter output)
    {
        foreach (var (token, start, end) in _original.Split(text))
        {
            var part = new TracedText(text, output.Traces ? TextOrigin.At(0) : null).Slice(start, end);
            if (token is not null)
            {
                Add(token, part, output);
            }
            else
            {
                var beforeStretch = start == 0 ? before : TextStart.SpecialToken;
                EncodeStretch(Normalize(part, beforeStretch), beforeStretch, output);
            }
        }
    }

    private void EncodeStretch(TracedText normalized, TextStart before, TokenWriter output)
    {
        foreach (var (token, start, end) in _normalized.Split(normalized.Text))
        {
            var part = normalized.Slice(start, end);
            if (token is not null)
            {
                Add(token, part, output);
                continue;
            }
            foreach (var word in _definition.Words.Split(part, start == 0 ? before : TextStart.SpecialToken))
            {
                output.Begin(word);
                _model.Encode(word.Text, output);
            }
        }
    }

    private static void Add(AddedToken token, TracedText part, TokenWriter output)
    {
        output.Begin(part);
        output.Add(token.Id, 0, part.Text.Length);
    }

    private TracedText Normalize(TracedText text, TextStart before)
    {
        var limit = TextEditor.Limit(text.Text.Length);
        foreach (var normalizer in _definition.Normalizers)
        {
            text = normalizer.Apply(text, before);
            if (text.Text.Length > limit)
            {
                throw new InputException($"'{_definition.Source}': 'normalizer' makes more than {limit} characters of a text, which no tokenizer's does.");
            }
        }
        return text;
    }
}
