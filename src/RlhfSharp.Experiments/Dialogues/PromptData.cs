using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Prompts from files, for policies that answer themselves; what answers stand in the files is not read. One fold is held out.</summary>
internal static class PromptData
{
    public static PreparedData Prepare(
        DialogueDataOptions options, RewardEvaluationOptions evaluation, TrainingRecipe recipe, Tokenizer tokenizer, ModelConfig config, int fold)
    {
        var objective = (OnPolicyOptions)recipe.Objective;
        var prompts = PromptFiles.Read(options, objective.MaxNewTokens, "objective.maxNewTokens", tokenizer, config.MaxPositions, fold);
        var (train, heldOut, groups) = (prompts.Training, prompts.HeldOut.Take(evaluation.Prompts).ToList(), prompts.Groups);
        var format = prompts.Format;
        return new PreparedData
        {
            Prompts = train,
            StopStrings = format.StopStrings,
            Fold = fold,
            Evaluation = (model, ownTokenizer, seed) => Evaluation(Sampler((LanguageModel)model, ownTokenizer, seed)),
            Facts =
            [
                new DataFact("Prompts", $"{prompts.Count} different ones of {prompts.RowCount} rows; {train.Count} to train on, {heldOut.Count} held out"),
                new DataFact("Rows left out", prompts.RowsLeftOut.ToString(CultureInfo.InvariantCulture)),
                new DataFact("Prompts too long", $"{prompts.TooLong} (limit {prompts.Limit} tokens, {objective.MaxNewTokens} more for the answer)"),
            ],
        };

        RewardEvaluation Evaluation(RolloutSampler sampler)
        {
            try
            {
                return new RewardEvaluation(sampler, heldOut, groups, evaluation, objective);
            }
            catch
            {
                sampler.Dispose();
                throw;
            }
        }

        // Other answers than training draws: the reward is the same.
        RolloutSampler Sampler(LanguageModel model, Tokenizer ownTokenizer, long seed)
        {
            // As the rewards come: standardised, their mean would be 0 whatever the policy did.
            var plain = recipe with { Rewards = [.. recipe.Rewards.Select(part => part with { Standardize = false, Clip = null })] };
            var reward = MemberReward.Create(plain, (_, _) => null, fold, seed, model.Device);
            try
            {
                return new RolloutSampler(model, ReferencePolicy.Of(model), ownTokenizer, reward, format.StopStrings, unchecked((long)new NamedRandom(seed, "reward-evaluation").NextUInt64()));
            }
            catch
            {
                reward.Dispose();
                throw;
            }
        }
    }
}
