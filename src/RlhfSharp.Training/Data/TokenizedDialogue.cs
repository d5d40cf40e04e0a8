namespace RlhfSharp.Training.Data;

/// <summary>A dialogue as training sees it: tokens, which of them the model produced, and what they earned.</summary>
/// <remarks>Token 0 is never an answer token: something must come before the first action (a beginning-of-sequence token at least).</remarks>
public sealed record TokenizedDialogue
{
    /// <summary>Gets a name that is unique in its data set; for the two sides of a pair <c>…/chosen</c> and <c>…/rejected</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets what the dialogue shares with others that must not be separated by a split, usually its prompt.</summary>
    public required string Group { get; init; }

    /// <summary>Gets where the row came from.</summary>
    public required RowSource Source { get; init; }

    /// <summary>Gets the token ids, <c>[length]</c>.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Gets which tokens the model produced, <c>[length]</c>; the loss is on these.</summary>
    public required bool[] IsAnswer { get; init; }

    /// <summary>Gets the reward received for each token, <c>[length]</c>, 0 where <see cref="IsAnswer"/> is false; null for data without rewards.</summary>
    public double[]? Rewards { get; init; }

    /// <summary>Gets the indices of tokens that carry a given reward, ascending, a reward of 0 included: z-scoring standardises over these.</summary>
    public int[] RewardedTokens { get; init; } = [];

    /// <summary>Gets the number of answer tokens: actions, in the words of ILQL.</summary>
    public int AnswerLength => IsAnswer.Count(isAnswer => isAnswer);
}
