namespace RlhfSharp.Models.Runtime;

/// <summary>Something the user gave is wrong: a file, a key, a shape, a value. The message is for the person who can fix it.</summary>
/// <remarks>The command line prints the message alone and exits with 1; it says what was wrong, where, and what is allowed.</remarks>
public class InputException : Exception
{
    /// <summary>Initializes the error.</summary>
    /// <param name="message">What was wrong, where (file and line, key, shape), what is allowed.</param>
    /// <param name="innerException">What was found out first, if anything; shown with <c>--verbose</c> only.</param>
    public InputException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
