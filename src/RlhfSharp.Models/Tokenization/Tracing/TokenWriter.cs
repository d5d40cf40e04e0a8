namespace RlhfSharp.Models.Tokenization;

/// <summary>Collects tokens, with the places they came from if somebody asks.</summary>
internal sealed class TokenWriter
{
    private readonly List<TokenSpan>? _spans;
    private TextOrigin _origin;

    public TokenWriter(bool traces) => _spans = traces ? [] : null;

    /// <summary>Gets the ids so far.</summary>
    public List<int> Ids { get; } = [];

    /// <summary>Gets the tokens with their places.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked for them.</exception>
    public IReadOnlyList<TokenSpan> Spans => _spans ?? throw new InvalidOperationException("This writer keeps no places.");

    /// <summary>Gets whether places are kept, so that they have to be right.</summary>
    public bool Traces => _spans is not null;

    /// <summary>Begins a word: the places of the tokens that follow count from its beginning.</summary>
    public void Begin(TracedText word) => _origin = word.Origin ?? default;

    /// <summary>Adds a token.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="start">Where in the word it begins.</param>
    /// <param name="end">Where it ends, behind the beginning.</param>
    public void Add(int id, int start, int end)
    {
        Ids.Add(id);
        if (_spans is not null)
        {
            var (from, to) = _origin.Of(start, end);
            _spans.Add(new TokenSpan(id, from, to));
        }
    }

    /// <summary>Adds tokens of which nobody asks where they came from.</summary>
    public void AddRange(IEnumerable<int> ids) => Ids.AddRange(ids);
}
