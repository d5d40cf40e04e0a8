using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Which bytes each id stands for, and which ids are special.</summary>
internal sealed class TokenTable
{
    /// <summary>More ids than any vocabulary has; a larger id is a broken file.</summary>
    public const int MaximumSize = 10_000_000;

    private readonly byte[]?[] _bytes;
    private readonly HashSet<int> _special = [];
    private readonly HashSet<int> _added = [];
    private readonly Dictionary<string, int> _addedIds = new(StringComparer.Ordinal);

    /// <summary>Initializes the table.</summary>
    /// <param name="vocabulary">Ids and bytes of the tokens that a model of text makes.</param>
    /// <param name="addedTokens">Tokens found in the text itself; they replace entries of the vocabulary with their id.</param>
    public TokenTable(IEnumerable<KeyValuePair<int, byte[]>> vocabulary, IReadOnlyList<AddedToken> addedTokens)
    {
        var entries = vocabulary.ToList();
        Size = entries.Select(entry => entry.Key).Concat(addedTokens.Select(token => token.Id)).DefaultIfEmpty(-1).Max() + 1;
        _bytes = new byte[Size][];
        foreach (var (id, bytes) in entries)
        {
            _bytes[id] = bytes;
        }
        foreach (var token in addedTokens)
        {
            _bytes[token.Id] = Encoding.UTF8.GetBytes(token.Content);
            _addedIds[token.Content] = token.Id;
            _added.Add(token.Id);
            if (token.IsSpecial)
            {
                _special.Add(token.Id);
            }
        }
    }

    public int Size { get; }

    public bool IsAdded(int id) => _added.Contains(id);

    public bool TryFindAdded(string content, out int id) => _addedIds.TryGetValue(content, out id);

    /// <summary>Puts the bytes of tokens together. An id below the size that no token has stands for nothing.</summary>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens)
    {
        using var bytes = new MemoryStream();
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)Size)
            {
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"The vocabulary has the ids 0 to {Size - 1}.");
            }
            if (!(skipSpecialTokens && _special.Contains(id)))
            {
                bytes.Write(_bytes[id]);
            }
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Counts the spaces with which the first of some tokens begins; 0 where it is an added one.</summary>
    public int SpacesBefore(IReadOnlyList<int> ids, bool skipSpecialTokens)
    {
        foreach (var id in ids)
        {
            if (!(skipSpecialTokens && _special.Contains(id)))
            {
                var rest = _bytes[id].AsSpan().TrimStart((byte)' ');
                return _added.Contains(id) ? 0 : (_bytes[id]?.Length ?? 0) - rest.Length;
            }
        }
        return 0;
    }

    /// <summary>Refuses added tokens that contradict each other.</summary>
    public static void RequireConsistent(IReadOnlyList<AddedToken> tokens, string source)
    {
        if (tokens.GroupBy(token => token.Id).FirstOrDefault(group => group.Select(token => token.Content).Distinct().Count() > 1) is { } twice)
        {
            var contents = string.Join(" and ", twice.Select(token => $"'{token.Content}'"));
            throw new InputException($"'{source}': the added tokens {contents} share the id {twice.Key}.");
        }
    }
}
