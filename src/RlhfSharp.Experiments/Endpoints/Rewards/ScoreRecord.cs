namespace RlhfSharp.Experiments.Endpoints;

/// <summary>A score that a server gave: one line of the file in which they are kept.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Hash">Of everything that the score depends on: server, model, texts.</param>
/// <param name="Score">The score.</param>
internal sealed record ScoreRecord(string Id, string Hash, double Score);
