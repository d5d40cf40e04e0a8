using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What a row costs, in tokens that pass once through the policy.</summary>
internal static class IterationCost
{
    /// <summary>The metric that says how many answers a row sampled.</summary>
    public const string SamplesMetric = "samples";

    /// <summary>Adds up what a row learns from: policies as their runs say, proxies in proportion to their parameters, the answers that were labelled.</summary>
    /// <remarks>Gold stands in for people and costs nothing, and so do evaluations, the answers of the start that they compare with, and proxies that are trained for
    /// measuring only, as beside DPO or where gold itself is the reward. Of the best of n, the answers that were not chosen are taken to be as long as those that were.</remarks>
    public static double Of(IterationPlan plan, IterationRecipe recipe, StageFolders folders)
    {
        double Tokens(Stage stage) => RunResults.Read(folders.Of(stage)).Metrics[RunResults.ComputeMetric];
        var policies = plan.Policies.Sum(Tokens);
        var learnsFromProxies = recipe is { Reward: PolicyReward.Proxy, Objective: not DpoOptions };
        var policySize = (double)Checkpoint.ReadConfig(IteratedRun.StartPath(recipe)).Parameters().Sum(parameter => parameter.Count);
        var proxies = learnsFromProxies
            ? plan.Stages.OfType<ProxyStage>().Sum(stage => Tokens(stage) * folders.ParameterCount(stage) / policySize)
            : 0;
        var labels = plan.Labels.SelectMany(batches => batches).Select(stage => (Rollouts: folders.Rollouts(stage), Of: AnswersPerChoice(stage)))
            .Sum(batch => batch.Rollouts.DistinctBy(rollout => rollout.Prompt).Sum(rollout => rollout.PromptTokens.Length) + batch.Of * batch.Rollouts.Sum(rollout => rollout.Tokens.Length));
        return policies + proxies + labels;
    }

    /// <summary>Counts the answers that a row sampled: those that were labelled, or from which they were chosen, and those that policies learnt from. Evaluations are not counted.</summary>
    public static int Samples(IterationPlan plan, StageFolders folders) =>
        plan.Labels.SelectMany(batches => batches).Sum(stage => AnswersPerChoice(stage) * folders.SampleCount(stage))
        + plan.Policies.Where(stage => stage.BestOf is null).Sum(folders.SampleCount);

    private static int AnswersPerChoice(LabelStage stage) => stage.Policy?.BestOf ?? 1;
}
