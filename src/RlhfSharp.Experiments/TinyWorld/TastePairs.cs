using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Pairs of the built-in world's poems, of which the one that somebody with a planted taste prefers is known.</summary>
public static class TastePairs
{
    private static readonly PoemTone[] Tones = Enum.GetValues<PoemTone>();

    /// <summary>Writes a pair: two poems about one thing, each of any genre and tone.</summary>
    /// <param name="seed">The seed of the pairs.</param>
    /// <param name="index">Which pair, from 0.</param>
    /// <param name="taste">Whose preference decides.</param>
    /// <returns>What was asked for, the preferred poem and the other. The choice is drawn as Bradley and Terry have it: with probability
    /// σ(difference of the rewards) it is the better one.</returns>
    public static (string Prompt, string Chosen, string Rejected) Write(long seed, int index, PlantedTaste taste)
    {
        ArgumentNullException.ThrowIfNull(taste);
        var random = new NamedRandom(seed, "taste-pairs", index);
        var subject = PoemWorld.Subjects[random.Next(PoemWorld.Subjects.Count)];
        var (first, second) = (Poem(subject, random), Poem(subject, random));
        var likesFirst = random.NextDouble() < 1 / (1 + Math.Exp(taste.Score(second) - taste.Score(first)));
        var prompt = $"Write a poem about the {subject}.";
        return likesFirst ? (prompt, first, second) : (prompt, second, first);
    }

    private static string Poem(string subject, NamedRandom random) =>
        PoemWorld.WritePoem(PoemWorld.Genres[random.Next(PoemWorld.Genres.Count)], Tones[random.Next(Tones.Length)], subject, random);
}
