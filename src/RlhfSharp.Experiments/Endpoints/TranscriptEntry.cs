using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>A request and its answer: one line of a transcript.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Hash">Of everything that the answer depends on: model, settings, turns.</param>
/// <param name="Messages">The request's turns.</param>
/// <param name="Text">The answer.</param>
/// <param name="InputTokens">As the server counted.</param>
/// <param name="OutputTokens">As the server counted.</param>
/// <param name="Attempts">How many it took.</param>
internal sealed record TranscriptEntry(
    string Id, string Hash, IReadOnlyList<ChatMessage> Messages, string Text, long InputTokens, long OutputTokens, int Attempts);
