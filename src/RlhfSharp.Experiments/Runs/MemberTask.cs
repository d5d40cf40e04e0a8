using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes the training that a recipe asks for.</summary>
internal static class MemberTask
{
    /// <summary>Fails if an objective that learns from rewards has none, or one that reads none has some.</summary>
    /// <exception cref="InputException">It has.</exception>
    public static void RequireRewards(TrainingRecipe recipe)
    {
        if (recipe is { Objective: OnPolicyOptions or BestOfNOptions, Rewards.Count: 0 })
        {
            throw new InputException("The objective learns from rewards: list at least one under 'rewards', for instance rewards: [{ kind: reward-model, paths: [...] }].");
        }
        if (recipe.Objective is not (OnPolicyOptions or BestOfNOptions or IlqlOptions) && recipe.Rewards.Count > 0)
        {
            throw new InputException(
                $"rewards are for objectives that learn from rewards (ilql, ppo, rloo, grpo, rest, best-of-n); {MethodName.Of(recipe.Objective)} reads none. Leave them out.");
        }
    }

    /// <summary>Makes the training of one run.</summary>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="model">The model, as it starts.</param>
    /// <param name="data">Its data.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="run">Its folder.</param>
    /// <param name="cache">What the runs of an experiment compute once for all.</param>
    /// <param name="seed">Its seed.</param>
    public static ITrainingTask Create(TrainingRecipe recipe, TransformerModel model, PreparedData data, Tokenizer tokenizer, RunDirectory run, ContentStore cache, long seed)
    {
        RequireRewards(recipe);
        return Make(recipe, model, data, tokenizer, run, cache, seed);
    }

    private static ITrainingTask Make(
        TrainingRecipe recipe, TransformerModel model, PreparedData data, Tokenizer tokenizer, RunDirectory run, ContentStore cache, long seed) => (recipe.Objective, model) switch
        {
            (IlqlOptions ilql, LanguageModel language) when recipe.Rewards.Count > 0 => JudgedIlql(ilql, recipe, language, data, seed),
            (IlqlOptions ilql, LanguageModel language) => new IlqlTask(language, data.Train, ilql),
            (SupervisedFineTuningOptions, LanguageModel language) => new SupervisedFineTuningTask(language, data.Train),
            (KtoOptions kto, LanguageModel language) => new KtoTask(language, data.Train, kto, cache),
            (DpoOptions dpo, LanguageModel language) => new DpoTask(language, data.TrainPreferences, dpo, cache),
            (RewardModelOptions reward, SequenceClassifier classifier) => new RewardModelTask(classifier, data.TrainPairs, reward),
            (OnPolicyOptions options, LanguageModel language) => OnPolicy(options, recipe, language, data, tokenizer, run, seed),
            _ => throw new InputException($"No training is built for the objective {recipe.Objective.GetType().Name}."),
        };

    // The data says where in an answer its reward lies, the recipe's rewards how high it is.
    private static IlqlTask JudgedIlql(IlqlOptions options, TrainingRecipe recipe, LanguageModel model, PreparedData data, long seed)
    {
        if (data.Answers.Count == 0)
        {
            throw new InputException("rewards: ILQL takes the rewards that lie in this data. Only answers of data.kind: pink-elephants can be judged anew; leave rewards out.");
        }
        using var reward = MemberReward.Create(recipe, data.TaskReward, data.Fold, seed, model.Device);
        var scores = reward.Score(data.Answers, CancellationToken.None);
        var scoring = data.RowLengths(model.Config).Sum(length => (double)length) * reward.ParameterCount;
        return new IlqlTask(model, Rewards.Prepare(Rewards.Judge(data.Train, [.. scores.Select(score => score.Total)]), options), options)
        {
            OtherCompute = (reward.TrainingCompute + scoring) / model.ParameterCount,
        };
    }

    private static OnPolicyTask OnPolicy(
        OnPolicyOptions options, TrainingRecipe recipe, LanguageModel model, PreparedData data, Tokenizer tokenizer, RunDirectory run, long seed)
    {
        var reward = MemberReward.Create(recipe, data.TaskReward, data.Fold, seed, model.Device);
        RolloutSampler? sampler = null;   // owns the reward from then on
        try
        {
            sampler = new RolloutSampler(model, ReferencePolicy.Of(model), tokenizer, reward, data.StopStrings, seed) { Store = recipe.Rollouts is { } folder ? new ContentStore(folder) : null };
            var parts = new OnPolicyRun(model, data.Prompts, sampler, new RolloutLog(run.Rollouts), new GrowLog(run.Growing), recipe.Loop.RowsPerStep, seed);
            return OnPolicy(options, parts, data.Original);
        }
        catch
        {
            ((IDisposable?)sampler ?? reward).Dispose();
            throw;
        }
    }

    /// <summary>Makes the training of an objective that samples its own answers.</summary>
    public static OnPolicyTask OnPolicy(OnPolicyOptions options, OnPolicyRun parts, IReadOnlyList<TokenizedDialogue> original) => options switch
    {
        PpoOptions ppo => new PpoTask(parts, ppo),
        RlooOptions rloo => new RlooTask(parts, rloo),
        GrpoOptions grpo => new GrpoTask(parts, grpo),
        RestOptions rest => new RestTask(parts, original, rest),
        _ => throw new InputException($"No training is built for the objective {options.GetType().Name}."),
    };
}
