namespace RlhfSharp.Experiments.Endpoints;

/// <summary>What a server is sent of an answer.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Prompt">The prompt by itself; empty where there is none.</param>
/// <param name="Answer">The answer by itself.</param>
/// <param name="Whole">Both, written out as one text.</param>
internal sealed record RewardText(string Id, string Prompt, string Answer, string Whole);
