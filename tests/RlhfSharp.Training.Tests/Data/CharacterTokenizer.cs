using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Tests.Data;

/// <summary>One token per UTF-16 unit, so that a test can read tokens as text. <c>^</c> starts a text, <c>$</c> ends it.</summary>
internal sealed class CharacterTokenizer(bool hasBos = true, bool hasEos = true) : Tokenizer
{
    public override int VocabularySize => char.MaxValue + 1;

    public override int? BosId => hasBos ? '^' : null;

    public override int? EosId => hasEos ? '$' : null;

    public override int? PadId => null;

    public override IReadOnlyList<int> Encode(string text, TextStart before) => [.. text.Select(character => (int)character)];

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) => string.Concat(ids.Select(id => (char)id));

    public override int? IdOf(string token) => token.Length == 1 ? token[0] : null;

    public override IReadOnlyList<TokenSpan> EncodeWithSpans(string text, TextStart before) => throw new NotSupportedException();

    public override void Save(string directory) => throw new NotSupportedException();
}
