using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes the reward that a recipe asks for.</summary>
internal static class MemberReward
{
    public static WeightedReward Create(TrainingRecipe recipe, PreparedData data, Device device)
    {
        var parts = new List<RewardPart>();
        try
        {
            foreach (var options in recipe.Rewards)
            {
                var name = options.Name ?? options.DefaultName;
                if (parts.Exists(part => part.Name == name))
                {
                    throw new InputException($"rewards: two parts are called '{name}'. Give each a name of its own (name: ...).");
                }
                parts.Add(new RewardPart(name, options.Weight, options.Standardize, options.Clip, Part(options, data, device)));
            }
            return parts.Count > 0 ? new WeightedReward(parts)
                : throw new InputException("The objective learns from rewards: list at least one under 'rewards', for instance rewards: [{ kind: reward-model, paths: [...] }].");
        }
        catch
        {
            parts.ForEach(part => part.Reward.Dispose());
            throw;
        }
    }

    private static IRolloutReward Part(RewardPartOptions options, PreparedData data, Device device) => options switch
    {
        RewardModelPartOptions model => Models(model, device),
        _ => data.TaskReward(options) ?? throw new InputException($"rewards: '{options.DefaultName}' is not a reward for this data (data.kind)."),
    };

    private static ScorerReward Models(RewardModelPartOptions options, Device device)
    {
        var scorers = new List<IScorer>();
        try
        {
            scorers.AddRange(options.Paths.Select(path => RewardModelScorer.Load(CheckpointPath.Resolve(path), options.Format, label: null, ScalarType.Float32, device)));
            return new ScorerReward(scorers, options.Combine, options.UncertaintyWeight);
        }
        catch
        {
            scorers.ForEach(scorer => scorer.Dispose());
            throw;
        }
    }
}
