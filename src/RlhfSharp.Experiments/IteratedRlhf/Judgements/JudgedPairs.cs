using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Makes preferences between answers to a dialogue: a model's, written ones and damaged ones.</summary>
internal static class JudgedPairs
{
    private const int Written = 2;   // beside the two that come with the dialogue
    private const int Damaged = 3;
    private const double SmallestLead = 0.02;   // what is judged nearly alike, no reader could tell apart

    /// <summary>Draws pairs of answers.</summary>
    /// <param name="dialogue">A dialogue of the built-in world.</param>
    /// <param name="sampled">What a model answered.</param>
    /// <param name="count">How many pairs.</param>
    /// <param name="random">Decides.</param>
    /// <returns>At most as many pairs, no two of the same answers. The first is one of two answers of the model, if it has two that are not judged alike: these are what a policy's are like.</returns>
    public static IReadOnlyList<JudgedPair> Of(PinkElephantDialogue dialogue, IReadOnlyList<string> sampled, int count, NamedRandom random)
    {
        var critic = new AnswerCritic(dialogue);
        var variety = new AnswerVariety(dialogue, critic);
        List<string> answers = [.. sampled.Select(answer => answer.Trim()).Where(answer => answer.Length > 0)];
        var samples = answers.Count;
        answers.AddRange([dialogue.Chosen, dialogue.Rejected, .. Enumerable.Range(0, Written).Select(_ => variety.Written(random))]);
        answers.AddRange([.. Enumerable.Range(0, Damaged).Select(_ => variety.Damaged(answers[random.Next(answers.Count)], random))]);
        var scores = answers.ConvertAll(critic.Judge);
        var pairs = (from second in Enumerable.Range(0, answers.Count) from first in Enumerable.Range(0, second) select (First: first, Second: second))
            .Where(pair => Math.Abs(scores[pair.First] - scores[pair.Second]) >= SmallestLead)
            .ToArray();
        random.Shuffle(pairs.AsSpan());
        var own = pairs.Where(pair => pair.Second < samples).Take(1).ToList();
        return
        [
            .. own.Concat(pairs.Except(own)).Take(count).Select(pair =>
            {
                var (better, worse) = scores[pair.First] > scores[pair.Second] ? (pair.First, pair.Second) : (pair.Second, pair.First);
                return new JudgedPair(answers[better], answers[worse], scores[better], scores[worse]);
            }),
        ];
    }
}
