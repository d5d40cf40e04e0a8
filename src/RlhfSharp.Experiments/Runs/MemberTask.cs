using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes the training that a recipe asks for.</summary>
internal static class MemberTask
{
    public static ITrainingTask Create(TrainingRecipe recipe, TransformerModel model, PreparedData data, Tokenizer tokenizer, RunDirectory run, long seed) => (recipe.Objective, model) switch
    {
        (IlqlOptions ilql, LanguageModel language) => new IlqlTask(language, data.Train, ilql),
        (SupervisedFineTuningOptions, LanguageModel language) => new SupervisedFineTuningTask(language, data.Train),
        (KtoOptions kto, LanguageModel language) => new KtoTask(language, data.Train, kto),
        (DpoOptions dpo, LanguageModel language) => new DpoTask(language, data.TrainPreferences, dpo),
        (RewardModelOptions reward, SequenceClassifier classifier) => new RewardModelTask(classifier, data.TrainPairs, reward),
        (OnPolicyOptions options, LanguageModel language) => OnPolicy(options, recipe, language, data, tokenizer, run, seed),
        _ => throw new InputException($"No training is built for the objective {recipe.Objective.GetType().Name}."),
    };

    private static OnPolicyTask OnPolicy(
        OnPolicyOptions options, TrainingRecipe recipe, LanguageModel model, PreparedData data, Tokenizer tokenizer, RunDirectory run, long seed)
    {
        var reward = MemberReward.Create(recipe, data, model.Device);
        var sampler = new RolloutSampler(model, ReferencePolicy.Of(model), tokenizer, reward, data.StopStrings, seed);
        var log = new RolloutLog(run.Rollouts);
        var rowsPerStep = recipe.Loop.RowsPerStep;
        return options switch
        {
            PpoOptions ppo => new PpoTask(model, data.Prompts, sampler, log, ppo, rowsPerStep, seed),
            RlooOptions rloo => new RlooTask(model, data.Prompts, sampler, log, rloo, rowsPerStep, seed),
            RestOptions rest => new RestTask(model, data.Prompts, data.Original, sampler, log, rest, rowsPerStep, seed),
            GrpoOptions grpo => new GrpoTask(model, data.Prompts, sampler, log, grpo, rowsPerStep, seed),
            _ => throw new InputException($"No training is built for the objective {options.GetType().Name}."),
        };
    }
}
