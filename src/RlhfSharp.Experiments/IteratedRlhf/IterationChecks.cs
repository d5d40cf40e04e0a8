using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Finds mistakes in recipes of <c>rlhf iterate</c> before hours of work, and before an older run is removed.</summary>
internal static class IterationChecks
{
    /// <summary>Checks what the recipe says; no file is looked at.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="InputException">Something does not fit.</exception>
    public static void CheckSettings(IReadOnlyList<(string Variant, IterationRecipe Recipe)> rows)
    {
        foreach (var (variant, recipe) in rows)
        {
            var problem = recipe switch
            {
                { Objective: not (OnPolicyOptions or DpoOptions or BestOfNOptions) } => $"objective: rlhf iterate improves a policy by ppo, rloo, grpo, rest, dpo or best-of-n, not by {MethodName.Of(recipe.Objective)}.",
                { Objective: RestOptions { OriginalAnswers: > 0 } } => "objective.originalAnswers: there are no answers but the policy's own.",
                { Objective: BestOfNOptions, Start: not PolicyStart.Supervised } => "objective: best-of-n goes with start: supervised only. It trains nothing that another iteration could start from.",
                { Objective: BestOfNOptions, Model.Lora: not null } => "model.lora: best-of-n trains nothing. Leave it out.",
                { Model.Path: null } => "rlhf iterate needs model.path: the policy starts from a checkpoint.",
                { Model.New: not null } => "model: give path alone; a policy that was drawn at random has nothing to say.",
                { Model.Lora: not null, Start: not PolicyStart.Supervised } => "model.lora goes with start: supervised only. Other starts need the weights themselves: leave lora out.",
                { Proxy: { Path: not null, New: not null } } => "proxy: give path (what it starts from), or new (the config.json of a network to be drawn at random), or neither.",
                { Gold: { Path: null, Endpoint: null } or { Path: not null, Endpoint: not null } } => "gold: give exactly one of path and endpoint.",
                { Gold: { Endpoint: not null, Format: null } } => "gold.format: a server does not say how dialogues are written out for its model. Name a chat format, or pair.",
                { Loop.BestMetric: not null } => "loop.bestMetric: an iteration goes on from its last policy. Leave it out.",
                _ when !recipe.Seeds.SequenceEqual(rows[0].Recipe.Seeds) => "seeds: all rows have the same ones. Set them for the recipe.",
                _ => null,
            };
            if (problem is not null)
            {
                throw new InputException(variant.Length > 0 ? $"variant {variant}: {problem}" : problem);
            }
            _ = recipe.Gold.Endpoint?.Check();
        }
    }

    /// <summary>Checks that the models are there, and fit.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="InputException">One is not there, or is of another kind.</exception>
    public static void CheckModels(IReadOnlyList<(string Variant, IterationRecipe Recipe)> rows)
    {
        foreach (var recipe in rows.Select(row => row.Recipe))
        {
            var start = IteratedRun.StartPath(recipe);
            TokenizerLoader.Load(start).RequireFits(Checkpoint.ReadConfig(start).VocabularySize, start);
            _ = ProxyStart.ReadConfig(recipe, ProxyStart.Tokenizer(recipe));
            if (recipe.Gold.Path is { } gold && !Checkpoint.IsClassifier(CheckpointPath.Resolve(gold)))
            {
                throw new InputException($"gold.path: '{gold}' is a language model, and gold gives scores. Name a reward model.");
            }
        }
    }

    /// <summary>Lists the models that rows read.</summary>
    public static IEnumerable<string> Models(IReadOnlyList<(string Variant, IterationRecipe Recipe)> rows) =>
        rows.SelectMany(row => new[] { row.Recipe.Model.Path, row.Recipe.Gold.Path, row.Recipe.Proxy.Path }).OfType<string>();
}
