using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A dialogue with the answers of two models.</summary>
/// <param name="Prompt">The turns up to the answer.</param>
/// <param name="Avoid">The pink elephant.</param>
/// <param name="IsForbidden">Whether the instruction forbids to mention it.</param>
/// <param name="Before">The answer of the model that training started from.</param>
/// <param name="After">The answer of the trained model.</param>
public sealed record BeforeAfter(IReadOnlyList<ChatMessage> Prompt, string Avoid, bool IsForbidden, string Before, string After);
