using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>A language model gave no answer, and asking again does not help or has not helped.</summary>
public sealed class EndpointException : InputException
{
    /// <summary>Initializes the error.</summary>
    /// <param name="message">Address, request, what went wrong, what to check.</param>
    /// <param name="innerException">What the connection reported.</param>
    public EndpointException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
