using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.RandomWalks;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes the data that a recipe asks for.</summary>
internal static class MemberData
{
    /// <summary>Finds the tokenizer: that of the checkpoint, or the one that comes with the data.</summary>
    public static Tokenizer Tokenizer(TrainingRecipe recipe) => recipe switch
    {
        { Data: RandomWalksDataOptions } => RandomWalksData.CreateTokenizer(),
        { Data: TinyWorldDataOptions world, Model.Path: null } => TinyWorldData.CreateTokenizer(world),
        { Model.Path: { } path } => TokenizerLoader.Load(CheckpointPath.Resolve(path)),
        _ => throw new InputException("model.new needs data with a tokenizer of its own (data.kind: random-walks or tiny-world); for text give model.path, a checkpoint with a tokenizer."),
    };

    /// <summary>Reads and tokenises the data of one run.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="fold">The held-out fold; null where the data has none.</param>
    /// <param name="directory">The experiment's folder; null before there is one.</param>
    public static PreparedData Prepare(TrainingRecipe recipe, Tokenizer tokenizer, ModelConfig config, int? fold, string? directory)
    {
        RequireDataFor(recipe.Objective, recipe.Data, recipe.Evaluation);
        return (recipe.Data, recipe.Evaluation) switch
        {
            (RandomWalksDataOptions data, RandomWalksEvaluationOptions evaluation) => RandomWalksData.Prepare(data, evaluation, recipe.Objective, tokenizer),
            (PinkElephantDataOptions data, PinkElephantEvaluationOptions evaluation) => PinkElephantData.Prepare(data, evaluation, recipe, tokenizer, config, directory),
            (PinkElephantDataOptions data, PreferenceEvaluationOptions evaluation) when recipe.Objective is RewardModelOptions =>
                PinkElephantData.PrepareRewardModel(data, evaluation, tokenizer, config, directory),
            (TinyWorldDataOptions data, LossEvaluationOptions) => TinyWorldData.Prepare(data, tokenizer, config),
            (DialogueDataOptions data, PreferenceEvaluationOptions evaluation) when recipe.Objective is RewardModelOptions =>
                RewardModelData.Prepare(data, evaluation, tokenizer, config, fold ?? 0),
            (DialogueDataOptions data, PreferenceEvaluationOptions evaluation) => PreferenceData.Prepare(data, evaluation, recipe.Objective, tokenizer, config, fold ?? 0),
            (DialogueDataOptions data, RewardEvaluationOptions evaluation) => PromptData.Prepare(data, evaluation, recipe, tokenizer, config, fold ?? 0),
            (DialogueDataOptions data, LossEvaluationOptions) => DialogueRows.Prepare(data, recipe.Objective, tokenizer, config, fold ?? 0),
            _ => throw new InputException("data.kind and evaluation.kind do not go together. Allowed: random-walks with random-walks, dialogues with preferences, loss or reward, tiny-world with loss, "
                + "pink-elephants with pink-elephants (or, for objective.kind: reward-model, with preferences)."),
        };
    }

    // What an objective learns from; before any data is read.
    private static void RequireDataFor(ObjectiveOptions objective, DataOptions data, EvaluationOptions evaluation)
    {
        var problem = (objective, data, evaluation) switch
        {
            (RewardModelOptions, not (DialogueDataOptions or PinkElephantDataOptions), _) or (RewardModelOptions, _, not PreferenceEvaluationOptions) =>
                "objective.kind: reward-model learns from preferences. Give data.kind: dialogues or pink-elephants, and evaluation: { kind: preferences }.",
            (BestOfNOptions, not PinkElephantDataOptions, _) => "objective.kind: best-of-n chooses among answers and needs data.kind: pink-elephants.",
            (OnPolicyOptions, TinyWorldDataOptions, _) or (OnPolicyOptions, DialogueDataOptions, not RewardEvaluationOptions) =>
                "This objective samples its own answers and needs prompts and rewards: data.kind random-walks or pink-elephants, or data.kind: dialogues with evaluation: { kind: reward }.",
            (not OnPolicyOptions, _, RewardEvaluationOptions) => "evaluation.kind: reward scores samples of a policy, which the objectives ppo, rloo, grpo and rest train.",
            (DpoOptions, not (DialogueDataOptions or PinkElephantDataOptions), _) or (DpoOptions, DialogueDataOptions, LossEvaluationOptions) =>
                "objective.kind: dpo learns from preferences. Give data: { kind: dialogues, ... } with evaluation: { kind: preferences }, or data and evaluation of the kind pink-elephants.",
            (not (IlqlOptions or DpoOptions or KtoOptions or RewardModelOptions), DialogueDataOptions, PreferenceEvaluationOptions) =>
                "evaluation.kind: preferences asks a judge of answers, which objective.kind ilql, dpo, kto or reward-model trains. Measure this objective by evaluation: { kind: loss }.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InputException(problem);
        }
    }
}
