namespace RlhfSharp.Training.Data;

/// <summary>Two answers to one prompt, as training sees them. Both begin with the same prompt tokens, also after truncation.</summary>
/// <param name="Chosen">With the better answer; its id ends in <c>/chosen</c>.</param>
/// <param name="Rejected">With the worse answer; its id ends in <c>/rejected</c>.</param>
public sealed record TokenizedPair(TokenizedDialogue Chosen, TokenizedDialogue Rejected)
{
    /// <summary>Gets the chosen side, then the rejected one.</summary>
    public IReadOnlyList<TokenizedDialogue> Sides => [Chosen, Rejected];

    /// <summary>Makes rewarded dialogues of the pair, as trlX does to train ILQL on preferences: +1 for the chosen side and −1 for the rejected one,
    /// received with the last answer token.</summary>
    /// <returns>The chosen side, then the rejected one.</returns>
    public IReadOnlyList<TokenizedDialogue> ToRewarded() => [RewardPlacement.AtEnd(Chosen, 1), RewardPlacement.AtEnd(Rejected, -1)];
}
