using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Token ids without meaning: speed does not depend on what a text says.</summary>
internal static class RandomText
{
    private const long Seed = 1;

    /// <summary>Draws prompts.</summary>
    /// <returns>Token ids, <c>[count][length]</c>.</returns>
    public static List<int[]> Prompts(int count, int length, int vocabulary) =>
        [.. Enumerable.Range(0, count).Select(index => Prompt(index, length, vocabulary))];

    /// <summary>Draws one prompt.</summary>
    public static int[] Prompt(int index, int length, int vocabulary) => Tokens(new NamedRandom(Seed, "prompt", index), length, vocabulary);

    /// <summary>Draws dialogues that end with a reward of -1 or 1.</summary>
    /// <param name="count">How many.</param>
    /// <param name="promptLength">Tokens of each that the model did not write.</param>
    /// <param name="shortest">The smallest length, prompt included. Where it is the prompt's own, one answer token is added.</param>
    /// <param name="longest">The largest length; lengths between the two are equally likely.</param>
    /// <param name="vocabulary">The number of token ids.</param>
    public static List<TokenizedDialogue> Dialogues(int count, int promptLength, int shortest, int longest, int vocabulary) =>
        [.. Enumerable.Range(0, count).Select(index => Dialogue(index, promptLength, shortest, longest, vocabulary))];

    /// <summary>Draws pairs of answers to one prompt.</summary>
    /// <param name="count">How many pairs.</param>
    /// <param name="promptLength">Tokens of each prompt.</param>
    /// <param name="shortest">See <see cref="Dialogues"/>, as for those that follow.</param>
    /// <param name="longest">The largest length.</param>
    /// <param name="vocabulary">The number of token ids.</param>
    public static List<TokenizedPair> Pairs(int count, int promptLength, int shortest, int longest, int vocabulary) =>
    [
        .. Dialogues(2 * count, promptLength, shortest, longest, vocabulary).Chunk(2).Select(pair => new TokenizedPair(
            pair[0], pair[1] with { Tokens = [.. pair[0].Tokens.Take(promptLength), .. pair[1].Tokens.Skip(promptLength)] })),
    ];

    private static TokenizedDialogue Dialogue(int index, int promptLength, int shortest, int longest, int vocabulary)
    {
        var random = new NamedRandom(Seed, "dialogue", index);
        var length = Math.Max(promptLength + 1, shortest + random.Next(longest - shortest + 1));
        var rewards = new double[length];
        rewards[^1] = random.Next(2) == 0 ? -1 : 1;
        return new TokenizedDialogue
        {
            Id = $"{index}",
            Group = $"{index}",
            Source = new RowSource("random", index + 1),
            Tokens = Tokens(random, length, vocabulary),
            IsAnswer = [.. Enumerable.Range(0, length).Select(position => position >= promptLength)],
            Rewards = rewards,
            RewardedTokens = [length - 1],
        };
    }

    private static int[] Tokens(NamedRandom random, int length, int vocabulary) =>
        [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];
}
