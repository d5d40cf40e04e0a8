using System.Globalization;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>Walks as rewarded dialogues: the first letter is the prompt, the rest and an end token the answer, as in trlX's example.</summary>
internal static class RandomWalksData
{
    // A row is the ten letters of the longest walk and the end token.
    private const int MaxTokens = RandomWalksGraph.MaxLength + 1;

    public static Tokenizer CreateTokenizer() =>
        TokenizerFactory.FromCharacters(Enumerable.Range(0, RandomWalksGraph.NodeCount).Select(RandomWalksGraph.Letter), endToken: "<end>", padToken: "<pad>");

    public static PreparedData Prepare(RandomWalksDataOptions options, RandomWalksEvaluationOptions evaluation, ObjectiveOptions objective, Tokenizer tokenizer)
    {
        var task = RandomWalksTask.Generate((uint)options.GraphSeed);
        IReadOnlyList<TokenizedDialogue> dialogues = [.. task.Walks.Select((walk, index) => Dialogue(task.Graph, walk, index, tokenizer))];
        var baselines = RandomWalksBaselines.Of(task);
        DataFact Score(string name, double value) => new(name, value.ToString("F3", CultureInfo.InvariantCulture), value);
        return new PreparedData
        {
            Train = Rewards.Prepare(dialogues, objective),
            Prompts = [.. RandomWalksGraph.Starts.Select(start => start.ToString()).Select(start => new RolloutPrompt(start, new Passage(start), tokenizer.Encode(start)))],
            Original = dialogues,
            TaskReward = (part, _) => part is RandomWalksRewardOptions ? new RandomWalksReward(task.Graph) : null,
            Evaluation = (model, ownTokenizer, seed) => new RandomWalksEvaluation(task.Graph, evaluation, (LanguageModel)model, ownTokenizer, seed),
            Facts =
            [
                new DataFact("Walks", $"{task.Walks.Count}, at most {MaxTokens - 1} nodes each"),
                Score("Walks of the data, mean", baselines.Data),
                Score("A walker that takes each edge alike", baselines.RandomPolicy),
                Score("Best walk of the data from each start", baselines.BestOfData),
            ],
        };
    }

    private static TokenizedDialogue Dialogue(RandomWalksGraph graph, string walk, int index, Tokenizer tokenizer)
    {
        int[] tokens = [.. tokenizer.Encode(walk), tokenizer.EosId!.Value];
        var rewards = new double[tokens.Length];
        rewards[^1] = graph.Optimality(walk);
        return new TokenizedDialogue
        {
            Id = $"walk-{index}",
            Group = walk[..1],
            Source = new RowSource("random walks", index + 1),
            Tokens = tokens,
            IsAnswer = [.. tokens.Select((_, token) => token > 0)],
            Rewards = rewards,
            RewardedTokens = [tokens.Length - 1],
        };
    }
}
