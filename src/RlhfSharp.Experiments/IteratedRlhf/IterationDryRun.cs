using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Says what a row would do and how much memory it takes.</summary>
internal static class IterationDryRun
{
    private const int BytesPerFloat = 4;

    /// <summary>Describes a row.</summary>
    /// <param name="row">Its name.</param>
    /// <param name="recipe">Its recipe, checked.</param>
    /// <param name="knowsGold">Whether the gold model is there.</param>
    /// <param name="device">Where it would compute.</param>
    public static IEnumerable<string> Describe(string row, IterationRecipe recipe, bool knowsGold, Device device)
    {
        using var scope = NewDisposeScope();
        var tokenizer = TokenizerLoader.Load(IteratedRun.StartPath(recipe));
        var prompts = PromptSet.Read(recipe, tokenizer);
        var longest = prompts.Training.Max(prompt => prompt.Tokens.Count);
        var perIteration = recipe.Labels.BatchesPerIteration * recipe.Labels.PerBatch;
        var lines = new List<string>
        {
            Text($"{row}: {recipe.Seeds.Count} seed(s), {recipe.Iterations} iteration(s), each with {perIteration} gold labels, {recipe.Proxy.Members} proxy(s) and {Improvement(recipe)}"),
            Text($"  prompts: {prompts.Training.Count} to train on, {prompts.HeldOut.Count} held out; the longest has {longest} tokens"),
        };
        using var model = (LanguageModel)MemberModel.Create(IteratedRun.AsTraining(recipe, IteratedRun.StartPath(recipe)), tokenizer, recipe.Seeds[0], device);
        var policyBytes = model.Parameters.Tensors.Sum(pair => pair.Value.numel() * model.Type.ElementSize());
        var judges = Judges(recipe, knowsGold, device);
        if (recipe.Objective is BestOfNOptions)
        {
            return [.. lines, "  Memory above the idle process while answers are drawn, estimated; the cache of keys and values comes on top:", DryRun.Row("policy", 2 * policyBytes, "   (and the start, which says how far it has gone)"), .. judges.Lines, DryRun.Row("together", 2 * policyBytes + judges.Bytes)];
        }
        var memory = MemoryEstimate.Of(model, recipe.Objective, recipe.Loop, RowLengths(recipe, model.Config, longest, perIteration), recipe.Objective is OnPolicyOptions ? longest : 0, recipe.Seeds[0]);
        var start = model.Adapter is null ? policyBytes : 0;   // an adapter is switched off
        return
        [
            .. lines,
            "  To improve the policy:",
            .. DryRun.Table(memory, recipe.Loop.GradientCheckpointing),
            .. start > 0 ? [DryRun.Row("start", start, "   (for the evaluation)")] : Array.Empty<string>(),
            .. judges.Lines,
            DryRun.Row("together", memory.Peak + start + judges.Bytes),
        ];
    }

    private static string Improvement(IterationRecipe recipe) => recipe.Objective is BestOfNOptions best
        ? Text($"the best of {best.Samples} answers")
        : Text($"{recipe.Loop.MaxSteps} steps of {MethodName.Of(recipe.Objective)}");

    private static int[] RowLengths(IterationRecipe recipe, ModelConfig config, int longestPrompt, int labels) => recipe.Objective is OnPolicyOptions sampled
        ? [.. Enumerable.Repeat(MemberMemory.RowLength(config, sampled, longestPrompt, recipe.Loop), sampled.RowsPerPass)]
        : [.. Enumerable.Repeat(2 * (longestPrompt + recipe.Labels.MaxNewTokens), labels)];   // a pair is read as two sequences

    // While a policy is improved, proxies are loaded for its reward and once more for its evaluation, and so is gold where it is the reward.
    private static (IReadOnlyList<string> Lines, long Bytes) Judges(IterationRecipe recipe, bool knowsGold, Device device)
    {
        var proxy = Parameters(ProxyStart.ReadConfig(recipe, ProxyStart.Tokenizer(recipe)));
        var learnsFromProxies = recipe is { Reward: PolicyReward.Proxy, Objective: OnPolicyOptions };
        var iterations = recipe.Proxy.CombineIterations is ProxyCombination.Last or ProxyCombination.WeightAverage ? 1 : recipe.Iterations;
        var proxies = recipe.Proxy.Members * iterations * (learnsFromProxies ? 2 : 1);
        var proxyBytes = proxy * BytesPerFloat * proxies;
        var golds = recipe is { Reward: PolicyReward.Gold, Objective: OnPolicyOptions } ? 2 : 1;
        var goldBytes = knowsGold && recipe.Gold.Path is { } gold ? Parameters(Checkpoint.ReadConfig(CheckpointPath.Resolve(gold))) * recipe.Gold.Type.Resolve(device).ElementSize() * golds : 0;
        return (
            [
                DryRun.Row("proxies", proxyBytes, Text($"   ({proxies} of {proxy:#,0} parameters)")),
                DryRun.Row("gold", goldBytes, recipe.Gold.Endpoint is not null ? "   (behind a server)" : knowsGold ? string.Empty : "   (not there yet)"),
            ],
            proxyBytes + goldBytes);
    }

    private static long Parameters(ModelConfig config) => config.ClassifierParameters().Sum(parameter => parameter.Count);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
