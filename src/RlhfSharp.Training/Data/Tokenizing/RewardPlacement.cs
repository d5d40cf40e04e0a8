using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Gives rewards to tokens.</summary>
internal static class RewardPlacement
{
    /// <summary>Finds which tokens of an uncut dialogue earn what a row says.</summary>
    public static IReadOnlyList<(int Token, double Reward)> Find(RewardedRow row, EncodedDialogue encoded, Tokenizer tokenizer)
    {
        if (row.Reward is { } reward)
        {
            return [(encoded.Tokens.Length - 1, reward)];
        }
        if (row.TurnRewards.Count > 0)
        {
            return [.. encoded.Answers
                .Zip(row.TurnRewards, (answer, earned) => (Token: answer.End - 1, Reward: earned))
                .Where(pair => pair.Reward is not null)
                .Select(pair => (pair.Token, pair.Reward!.Value))];
        }
        var (start, textEnd, _, text) = encoded.Answers[0];
        var content = row.Completion.IsConversational ? row.Completion.Messages[0].Content : text;
        var offset = text.IndexOf(content, StringComparison.Ordinal);
        if (offset < 0)
        {
            throw new BadRowException("has a completion that the chat format changes, so that the tokens of its characters are not known");
        }
        var tokens = encoded.Tokens.AsSpan(start..textEnd);
        var placed = new List<(int Token, double Reward)>();
        foreach (var tokenReward in row.TokenRewards)
        {
            placed.Add((start + TokenOffsets.Containing(tokenizer, tokens, text, offset + tokenReward.At), tokenReward.Reward));
        }
        return placed;
    }

    /// <summary>Gives rewards to tokens of a dialogue; several for one token add up.</summary>
    public static TokenizedDialogue At(TokenizedDialogue dialogue, IReadOnlyCollection<(int Token, double Reward)> placed)
    {
        var rewards = new double[dialogue.Tokens.Length];
        foreach (var (token, reward) in placed)
        {
            rewards[token] += reward;
        }
        return dialogue with { Rewards = rewards, RewardedTokens = [.. placed.Select(pair => pair.Token).Distinct().Order()] };
    }

    /// <summary>Gives one reward to the last answer token.</summary>
    public static TokenizedDialogue AtEnd(TokenizedDialogue dialogue, double reward) =>
        At(dialogue, [(Array.LastIndexOf(dialogue.IsAnswer, true), reward)]);
}
