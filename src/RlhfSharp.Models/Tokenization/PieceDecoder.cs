namespace RlhfSharp.Models.Tokenization;

/// <summary>How tokens become text again.</summary>
/// <param name="bytesOf">What a token of the vocabulary stands for; gets its text and its id.</param>
internal sealed class PieceDecoder(Func<string, int, byte[]> bytesOf)
{
    /// <summary>Gets which character is taken away at the ends of a text.</summary>
    public char Trimmed { get; init; } = ' ';

    /// <summary>Gets how often at most at the beginning.</summary>
    public int TrimsAtStart { get; init; }

    /// <summary>Gets how often at most at the end.</summary>
    public int TrimsAtEnd { get; init; }

    /// <summary>Gets whether all spaces that the first token begins with are taken away.</summary>
    public bool TrimsFirstToken { get; init; }

    /// <summary>Gets what a token of the vocabulary stands for.</summary>
    public byte[] BytesOf(string token, int id) => bytesOf(token, id);

    /// <summary>Takes away what encoding put in.</summary>
    /// <param name="text">The tokens' text.</param>
    /// <param name="firstSpaces">How many spaces its first token begins with.</param>
    public string Trim(string text, int firstSpaces)
    {
        var (start, end) = (TrimsFirstToken ? firstSpaces : 0, text.Length);
        for (var i = 0; i < TrimsAtStart && start < end && text[start] == Trimmed; i++)
        {
            start++;
        }
        for (var i = 0; i < TrimsAtEnd && end > start && text[end - 1] == Trimmed; i++)
        {
            end--;
        }
        return text[start..end];
    }
}
