using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>The numbers that answers to a set of dialogues get, each with its interval.</summary>
internal static class AnswerScores
{
    public const string MentionRate = "mention_rate";
    public const string UninstructedRate = "mention_rate_uninstructed";

    /// <summary>Counts.</summary>
    /// <param name="answers">Answered dialogues.</param>
    /// <returns>Rates with Wilson's interval; means with a bootstrap over pairs of things. What nothing tells of is left out.</returns>
    public static IReadOnlyDictionary<string, Estimate> Measure(IReadOnlyList<AnsweredDialogue> answers)
    {
        var scores = new OrderedDictionary<string, Estimate>();
        var instructed = answers.Where(answer => answer.Dialogue.Instruction == InstructionKind.Avoid).ToList();
        var uninstructed = answers.Where(answer => answer.Dialogue.Instruction != InstructionKind.Avoid).ToList();
        AddRate(MentionRate, instructed, answer => answer.MentionsAvoid);
        AddRate(UninstructedRate, uninstructed, answer => answer.MentionsAvoid);
        AddRate("on_topic", instructed, answer => answer.MentionsPrefer);
        AddRate("other_entity", instructed, answer => answer.MentionsOther);
        AddRate("well_formed", [.. answers.Where(answer => answer.IsWellFormed is not null)], answer => answer.IsWellFormed == true);
        scores["reward"] = Mean(answers, answer => answer.Obeys ? 1 : -1);
        scores["length"] = Mean(answers, answer => WordCount.Of(answer.Answer));
        scores["distinct_2"] = new Estimate(DistinctPairs.Of(answers.Select(answer => answer.Answer)));
        return scores;

        void AddRate(string name, IReadOnlyList<AnsweredDialogue> among, Func<AnsweredDialogue, bool> has)
        {
            if (among.Count > 0)
            {
                var count = among.Count(has);
                scores[name] = new Estimate((double)count / among.Count, Statistics.Wilson(count, among.Count));
            }
        }
    }

    private static Estimate Mean(IReadOnlyList<AnsweredDialogue> answers, Func<AnsweredDialogue, double> value)
    {
        double[] values = [.. answers.Select(value)];
        var clusters = answers.Select(answer => answer.Dialogue.Pair).Distinct().Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return new Estimate(
            values.Average(),
            clusters.Count >= 2 ? Statistics.ClusteredMean(values, [.. answers.Select(answer => clusters[answer.Dialogue.Pair])], seed: 0) : null);
    }
}
