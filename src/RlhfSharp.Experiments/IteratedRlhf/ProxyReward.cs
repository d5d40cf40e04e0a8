using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Puts the proxies of several iterations and members together to the score that a policy is trained on.</summary>
internal static class ProxyReward
{
    /// <summary>Loads them.</summary>
    /// <param name="folders">Their checkpoints, by iteration and member.</param>
    /// <param name="options">How they are combined.</param>
    /// <param name="calibration">Answers of the start, on which each is brought to mean 0 and standard deviation 1 before it is combined.</param>
    /// <param name="prompts">The prompts of these answers.</param>
    /// <param name="device">Where to compute.</param>
    public static IScorer Load(
        IReadOnlyList<IReadOnlyList<string>> folders, ProxyOptions options, IReadOnlyList<Rollout> calibration, PromptSet prompts, Device device)
    {
        IScorer Member(IReadOnlyList<string> versions) => Standardize(LoadOne(versions, device), calibration, prompts);
        IScorer Members(IEnumerable<IReadOnlyList<string>> members) => Combine([.. members.Select(Member)], options.CombineMembers, options.UncertaintyWeight);
        return options.CombineIterations switch
        {
            ProxyCombination.Last => Members(folders[^1].Select(folder => (IReadOnlyList<string>)[folder])),
            ProxyCombination.WeightAverage => Members(Enumerable.Range(0, folders[^1].Count).Select(member => (IReadOnlyList<string>)[.. folders.Select(iteration => iteration[member])])),
            _ => Combine([.. folders.Select(iteration => Members(iteration.Select(folder => (IReadOnlyList<string>)[folder])))], Of(options.CombineIterations), options.UncertaintyWeight),
        };
    }

    /// <summary>Writes an answer as a request.</summary>
    public static ScoreRequest Request(Rollout rollout, RolloutPrompt prompt, int index) =>
        new($"{rollout.Prompt}#{index}", prompt.Prompt, new Passage([new ChatMessage(ChatMessage.Assistant, rollout.Text.Trim())]));

    private static IScorer Combine(IReadOnlyList<IScorer> scorers, EnsembleCombination combination, double uncertaintyWeight) =>
        scorers.Count == 1 ? scorers[0] : new EnsembleScorer(scorers, combination, uncertaintyWeight);

    private static EnsembleCombination Of(ProxyCombination combination) => combination switch
    {
        ProxyCombination.WorstCase => EnsembleCombination.WorstCase,
        ProxyCombination.UncertaintyWeighted => EnsembleCombination.UncertaintyWeighted,
        _ => EnsembleCombination.Mean,
    };

    // One model, or the mean of several by weight.
    private static RewardModelScorer LoadOne(IReadOnlyList<string> folders, Device device)
    {
        var tokenizer = TokenizerLoader.Load(folders[0]);
        var model = Checkpoint.LoadClassifier(folders[0], ScalarType.Float32, device);
        List<TransformerModel> others = [.. folders.Skip(1).Select(folder => Checkpoint.LoadClassifier(folder, ScalarType.Float32, device))];
        WeightAverage.Average(model, others);
        others.ForEach(other => other.Dispose());
        return new RewardModelScorer(model, RewardFormat.Choose(model.Config, tokenizer, null));
    }

    private static StandardizedScorer Standardize(RewardModelScorer scorer, IReadOnlyList<Rollout> calibration, PromptSet prompts)
    {
        List<ScoreRequest> requests = [.. calibration.Select((rollout, index) => Request(rollout, prompts.ById[rollout.Prompt], index))];
        // It computes on a thread of its own; waiting here keeps this one's dispose scopes where they are.
        var scale = Scale.Of(scorer.ScoreAsync(requests, progress: null, CancellationToken.None).GetAwaiter().GetResult());
        return new StandardizedScorer(scorer, scale.Mean, scale.Deviation);
    }
}
