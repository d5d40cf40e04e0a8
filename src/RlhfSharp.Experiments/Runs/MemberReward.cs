using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes the reward that a recipe asks for.</summary>
internal static class MemberReward
{
    private const string SeedPlaceholder = "{seed}";
    private const string FoldPlaceholder = "{fold}";

    /// <summary>Makes a recipe's reward.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="taskReward">Makes rewards of the data's own kind: <see cref="PreparedData.TaskReward"/>.</param>
    /// <param name="fold">The run's held-out fold; null where there is none.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="device">Where to compute.</param>
    public static WeightedReward Create(TrainingRecipe recipe, Func<RewardPartOptions, Device, IRolloutReward?> taskReward, int? fold, long seed, Device device)
    {
        var parts = new List<RewardPart>();
        var trainingCompute = 0.0;
        try
        {
            foreach (var options in recipe.Rewards)
            {
                var name = options.Name ?? options.DefaultName;
                if (parts.Exists(part => part.Name == name))
                {
                    throw new InputException($"rewards: two parts are called '{name}'. Give each a name of its own (name: ...).");
                }
                var (reward, compute) = Part(options, taskReward, fold, seed, device);
                parts.Add(new RewardPart(name, options.Weight, options.Standardize, options.Clip, reward));
                trainingCompute += compute;
            }
            return new WeightedReward(parts, trainingCompute);
        }
        catch
        {
            parts.ForEach(part => part.Reward.Dispose());
            throw;
        }
    }

    private static (IRolloutReward Reward, double TrainingCompute) Part(
        RewardPartOptions options, Func<RewardPartOptions, Device, IRolloutReward?> taskReward, int? fold, long seed, Device device) => options switch
        {
            RewardModelPartOptions model => Models(model, fold, seed, device),
            _ => (TaskReward(options, taskReward, device), 0),
        };

    /// <summary>Makes a reward of the data's own kind.</summary>
    public static IRolloutReward TaskReward(RewardPartOptions options, Func<RewardPartOptions, Device, IRolloutReward?> taskReward, Device device) =>
        taskReward(options, device) ?? throw new InputException($"rewards: '{options.DefaultName}' is not a reward for this data (data.kind).");

    private static (ScorerReward Reward, double TrainingCompute) Models(RewardModelPartOptions options, int? fold, long seed, Device device)
    {
        var scorers = new List<IScorer>();
        var trainingCompute = 0.0;
        try
        {
            foreach (var path in options.Paths.Select(path => Fill(path, fold, seed)))
            {
                var scorer = RewardModelScorer.Load(CheckpointPath.Resolve(path), options.Format, label: null, ScalarType.Float32, device);
                scorers.Add(scorer);
                trainingCompute += scorer.ParameterCount * TrainingTokens(path);
            }
            return (new ScorerReward(scorers, options.Combine, options.UncertaintyWeight), trainingCompute);
        }
        catch
        {
            scorers.ForEach(scorer => scorer.Dispose());
            throw;
        }
    }

    private static string Fill(string path, int? fold, long seed) => path
        .Replace(SeedPlaceholder, seed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace(FoldPlaceholder, fold?.ToString(CultureInfo.InvariantCulture) ?? FoldPlaceholder, StringComparison.Ordinal);

    // A run says what it cost; of a checkpoint from elsewhere nobody knows.
    private static double TrainingTokens(string path) =>
        File.Exists(Path.Combine(path, RunResults.FileName)) ? RunResults.Read(path).Metrics.GetValueOrDefault(RunResults.ComputeMetric) : 0;
}
