namespace RlhfSharp.Training.Data;

/// <summary>What happens to a row with more tokens than the model is to read: recipe key <c>onTooLong</c>.</summary>
public enum OnTooLong
{
    /// <summary>It is an error that names file and line, length and limit. The default.</summary>
    Error,

    /// <summary>Tokens are taken away from its beginning, never from its answer; see <see cref="DialogueTokenizer"/>.</summary>
    TruncateLeft,

    /// <summary>It is left out and counted, both sides of a pair together.</summary>
    Skip,
}
