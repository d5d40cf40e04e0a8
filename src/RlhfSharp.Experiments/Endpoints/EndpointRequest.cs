using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Something to ask a language model.</summary>
/// <param name="Id">A name that stays the same from run to run, for instance <c>pairs/drinks/3</c>: under it the answer is recorded. No two requests
/// of a run share it.</param>
/// <param name="Messages">The turns, of which the last is a user's.</param>
public sealed record EndpointRequest(string Id, IReadOnlyList<ChatMessage> Messages);
