namespace RlhfSharp.Experiments.Endpoints;

/// <summary>What a language model answered.</summary>
/// <param name="Text">The answer; may be empty.</param>
/// <param name="InputTokens">Tokens of the request, as the server counts; 0 if it does not.</param>
/// <param name="OutputTokens">Tokens of the answer, likewise.</param>
/// <param name="IsRecorded">Whether the answer came from the transcript and nobody was asked.</param>
public sealed record EndpointAnswer(string Text, long InputTokens, long OutputTokens, bool IsRecorded);
