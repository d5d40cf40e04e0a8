namespace RlhfSharp.Models.Hub;

/// <summary>Why an attempt failed; never leaves the client.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="isTransient">Whether the same request may succeed later.</param>
/// <param name="cause">What the connection reported.</param>
internal sealed class HubFailure(string message, bool isTransient, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Gets whether the same request may succeed later.</summary>
    public bool IsTransient => isTransient;

    /// <summary>Gets how long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
