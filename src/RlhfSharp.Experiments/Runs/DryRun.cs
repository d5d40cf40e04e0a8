using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Checks everything about an experiment that can be checked without training.</summary>
public static class DryRun
{
    private const int BytesPerFloat = 4;

    /// <summary>Checks a recipe and its variants: keys, files, rows, shapes, memory.</summary>
    /// <param name="recipePath">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="device">Where it would compute.</param>
    /// <returns>What would be done, line by line.</returns>
    /// <exception cref="InputException">Something is wrong.</exception>
    public static IReadOnlyList<string> Check(string recipePath, IReadOnlyList<string> overrides, Device device) =>
        Check(TrainingRecipe.ReadWithVariants(recipePath, overrides), device);

    internal static IReadOnlyList<string> Check(IReadOnlyList<(string Variant, TrainingRecipe Recipe)> recipes, Device device)
    {
        var lines = new List<string>();
        foreach (var (variant, recipe) in ExperimentPlan.Rows(recipes))
        {
            using var scope = NewDisposeScope();
            var member = ExperimentPlan.Members([(variant, recipe)], "runs")[0];
            var tokenizer = MemberData.Tokenizer(recipe);
            var config = MemberModel.ReadConfig(recipe.Model, tokenizer);
            tokenizer.RequireFits(config.VocabularySize, recipe.Model.Path ?? "model.new");
            var data = MemberData.Prepare(recipe, tokenizer, config, member.Fold);
            using (MemberModel.Create(recipe, tokenizer, member.Seed, device))
            {
                // Weights, heads and frozen layers fit together.
            }
            int[] lengths = recipe.Objective is OnPolicyOptions sampled
                ? [.. Enumerable.Repeat(data.Prompts.Max(prompt => prompt.Tokens.Count) + sampled.MaxNewTokens, sampled.RowsPerRound)]
                : [.. data.RowLengths];
            if (recipe.Objective is BestOfNOptions best)
            {
                lines.Add($"variant {variant}: {recipe.Seeds.Count} seed(s), nothing is trained, the best of {best.Samples} samples answers");
                continue;
            }
            var plan = new BatchPlan(lengths, recipe.Loop, member.Seed);
            lines.Add($"{(variant.Length == 0 ? recipe.Name : $"variant {variant}")}: {recipe.Seeds.Count} seed(s), {plan.TotalSteps} steps, {plan.StepsPerEpoch} per pass over {lengths.Length} rows");
            lines.AddRange(data.Facts.Select(fact => $"  {fact.Name}: {fact.Value}"));
            lines.Add($"  Memory: about {Megabytes(Memory(recipe, config, lengths, device))} for weights, gradients, optimiser and activations");
        }
        return lines;
    }

    // Weights, gradients and two moments in F32 for what trains; for BF16 also the F32 copies. Activations: what backward keeps of a micro-batch.
    private static long Memory(TrainingRecipe recipe, ModelConfig config, IReadOnlyList<int> lengths, Device device)
    {
        var backbone = config.Parameters().Sum(spec => spec.Count);
        var heads = recipe.Objective is IlqlOptions ilql ? IlqlHeads.Specs(config.HiddenSize, config.VocabularySize, ilql.TwoQs).Sum(spec => spec.Count) : 0;
        var isHalf = recipe.Model.Type.Resolve(device) == ScalarType.BFloat16;
        var perParameter = isHalf ? 2 + 2 + 3 * BytesPerFloat : 4 * BytesPerFloat;
        var tokens = Math.Min(recipe.Loop.TokensPerMicroBatch, lengths.OrderDescending().Take(recipe.Loop.RowsPerStep).Sum());
        const int VectorsPerLayer = 24;   // measured: kept by a block for its backward pass, in units of the hidden size
        var activations = (long)tokens * config.HiddenSize * ((long)VectorsPerLayer * config.LayerCount + (heads > 0 ? 12 : 2)) * (isHalf ? 2 : BytesPerFloat);
        return (backbone + heads) * perParameter + activations;
    }

    private static string Megabytes(long bytes) => $"{(bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture)} MB";
}
