using System.Globalization;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Spells token ids as numbers with blanks between, for models whose weights are random.</summary>
/// <param name="vocabulary">The number of ids; the last one ends a text.</param>
internal sealed class NumberTokenizer(int vocabulary) : Tokenizer
{
    public override int VocabularySize => vocabulary;

    public override int? BosId => null;

    public override int? EosId => vocabulary - 1;

    public override int? PadId => null;

    /// <summary>Writes token ids so that they are read as the same ids.</summary>
    public static string Write(IEnumerable<int> ids) => string.Join(' ', ids);

    /// <summary>Reads numbers; any other word is token 0.</summary>
    public override IReadOnlyList<int> Encode(string text, TextStart before) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out var id) && id >= 0 && id < vocabulary ? id : 0)];

    public override IReadOnlyList<TokenSpan> EncodeWithSpans(string text, TextStart before) => throw new NotSupportedException("No benchmark asks where tokens lie in a text.");

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) => Write(skipSpecialTokens ? ids.Where(id => id != EosId) : ids);

    public override int? IdOf(string token) => int.TryParse(token, CultureInfo.InvariantCulture, out var id) ? id : null;

    public override void Save(string directory) => throw new NotSupportedException("Benchmarks keep nothing.");
}
