using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Puts the proxies of several iterations and members together to the score that a policy is trained on.</summary>
internal sealed class ProxyReward
{
    private readonly ProxyOptions _options;
    private readonly IReadOnlyList<ScoreRequest> _calibration;
    private readonly Device _device;

    private ProxyReward(ProxyOptions options, IReadOnlyList<ScoreRequest> calibration, Device device) => (_options, _calibration, _device) = (options, calibration, device);

    /// <summary>Loads them.</summary>
    /// <param name="folders">Their checkpoints, by iteration and member.</param>
    /// <param name="options">How they are combined.</param>
    /// <param name="calibration">Answers of the start that no proxy has learnt from. On these each proxy is brought to mean 0 and standard deviation 1 before it is combined with
    /// others, and so is what they are combined to: the lowest of several scores has a lower mean than each.</param>
    /// <param name="prompts">The prompts of these answers.</param>
    /// <param name="device">Where to compute.</param>
    public static IScorer Load(
        IReadOnlyList<IReadOnlyList<string>> folders, ProxyOptions options, IReadOnlyList<Rollout> calibration, PromptSet prompts, Device device)
    {
        var loader = new ProxyReward(options, [.. calibration.Select((rollout, index) => Request(rollout, prompts.ById[rollout.Prompt], index))], device);
        IReadOnlyList<IReadOnlyList<string>> Alone(IEnumerable<string> members) => [.. members.Select(folder => (IReadOnlyList<string>)[folder])];
        return options.CombineIterations switch
        {
            ProxyCombination.Last => loader.Members(Alone(folders[^1])),
            ProxyCombination.WeightAverage => loader.Members([.. Enumerable.Range(0, folders[^1].Count).Select(member => (IReadOnlyList<string>)[.. folders.Select(iteration => iteration[member])])]),
            _ => loader.Combine([.. folders.Select(iteration => (Func<IScorer>)(() => loader.Members(Alone(iteration))))], Of(options.CombineIterations)),
        };
    }

    /// <summary>Brings a scorer to mean 0 and standard deviation 1 on some answers.</summary>
    /// <param name="scorer">The scorer; the result takes ownership.</param>
    /// <param name="calibration">The answers.</param>
    private static StandardizedScorer Standardize(IScorer scorer, IReadOnlyList<ScoreRequest> calibration)
    {
        try
        {
            // It computes on a thread of its own; waiting here keeps this one's dispose scopes where they are.
            var scale = Scale.Of(scorer.ScoreAsync(calibration, progress: null, CancellationToken.None).GetAwaiter().GetResult());
            return new StandardizedScorer(scorer, scale.Mean, scale.Deviation);
        }
        catch
        {
            scorer.Dispose();
            throw;
        }
    }

    private static ScoreRequest Request(Rollout rollout, RolloutPrompt prompt, int index) =>
        new($"{rollout.Prompt}#{index}", prompt.Prompt, new Passage([new ChatMessage(ChatMessage.Assistant, rollout.Text.Trim())]));

    private static EnsembleCombination Of(ProxyCombination combination) => combination switch
    {
        ProxyCombination.WorstCase => EnsembleCombination.WorstCase,
        ProxyCombination.UncertaintyWeighted => EnsembleCombination.UncertaintyWeighted,
        _ => EnsembleCombination.Mean,
    };

    // Each member is one model, or the mean of several by weight.
    private IScorer Members(IReadOnlyList<IReadOnlyList<string>> members) =>
        Combine([.. members.Select(versions => (Func<IScorer>)(() => Standardize(LoadOne(versions), _calibration)))], _options.CombineMembers);

    private IScorer Combine(IReadOnlyList<Func<IScorer>> load, EnsembleCombination combination)
    {
        var scorers = new List<IScorer>();
        try
        {
            foreach (var one in load)
            {
                scorers.Add(one());
            }
        }
        catch
        {
            scorers.ForEach(scorer => scorer.Dispose());
            throw;
        }
        return scorers is [var only] ? only : Standardize(new EnsembleScorer(scorers, combination, _options.UncertaintyWeight), _calibration);
    }

    private RewardModelScorer LoadOne(IReadOnlyList<string> folders)
    {
        var tokenizer = TokenizerLoader.Load(folders[0]);
        var model = Checkpoint.LoadClassifier(folders[0], ScalarType.Float32, _device);
        var others = new List<TransformerModel>();
        try
        {
            foreach (var folder in folders.Skip(1))
            {
                others.Add(Checkpoint.LoadClassifier(folder, ScalarType.Float32, _device));
            }
            WeightAverage.Average(model, others);
            return new RewardModelScorer(model, RewardFormat.Choose(model.Config, tokenizer, null));
        }
        catch
        {
            model.Dispose();
            throw;
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }
}
