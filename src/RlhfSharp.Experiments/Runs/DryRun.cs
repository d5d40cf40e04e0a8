using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Checks everything about an experiment that can be checked without training.</summary>
public static class DryRun
{
    /// <summary>Checks a recipe and its variants: keys, files, rows, shapes, memory.</summary>
    /// <param name="recipePath">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="device">Where it would compute.</param>
    /// <returns>What would be done, line by line.</returns>
    /// <exception cref="InputException">Something is wrong.</exception>
    public static IReadOnlyList<string> Check(string recipePath, IReadOnlyList<string> overrides, Device device) =>
        Check(WithoutSweep(recipePath, TrainingRecipe.ReadWithVariants(recipePath, overrides)), device);

    internal static IReadOnlyList<string> Check(IReadOnlyList<(string Variant, TrainingRecipe Recipe)> recipes, Device device)
    {
        return [.. ExperimentPlan.Rows(recipes).SelectMany(row => Check(row.Variant, row.Recipe, device).Lines)];
    }

    private static IReadOnlyList<(string Variant, TrainingRecipe Recipe)> WithoutSweep(string name, IReadOnlyList<(string Variant, TrainingRecipe Recipe)> recipes)
    {
        TrainingSession.RequireNoSweep(name, recipes[0].Recipe);
        return recipes;
    }

    /// <summary>Checks one row of an experiment.</summary>
    /// <param name="variant">Its name; empty for the recipe itself.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="device">Where it would compute.</param>
    /// <returns>What would be done, line by line, and the memory that one run takes; null where nothing is trained.</returns>
    internal static (IReadOnlyList<string> Lines, MemoryEstimate? Memory) Check(string variant, TrainingRecipe recipe, Device device)
    {
        var lines = new List<string>();
        using var scope = NewDisposeScope();
        var member = ExperimentPlan.Members([(variant, recipe)], row => row)[0];
        var tokenizer = MemberData.Tokenizer(recipe);
        var config = MemberModel.ReadConfig(recipe.Model, tokenizer);
        tokenizer.RequireFits(config.VocabularySize, recipe.Model.Path ?? "model.new");
        var data = MemberData.Prepare(recipe, tokenizer, config, member.Fold, directory: null);
        using var model = MemberModel.Create(recipe, tokenizer, member.Seed, device);   // weights, heads and frozen layers fit together
        RequireRewards(recipe, data, device);
        var title = variant.Length > 0 ? $"variant {variant}" : recipe.Name;
        if (recipe.Objective is BestOfNOptions best)
        {
            return ([$"{title}: {recipe.Seeds.Count} seed(s), nothing is trained, the best of {best.Samples} samples answers"], null);
        }
        var lengths = MemberMemory.RowLengths(recipe, config, data);
        var plan = new BatchPlan(lengths, recipe.Loop, member.Seed);
        lines.Add($"{title}: {recipe.Seeds.Count} seed(s), {plan.TotalSteps} steps, {plan.StepsPerEpoch} per pass over {lengths.Length} rows");
        lines.AddRange(data.Facts.Select(fact => $"  {fact.Name}: {fact.Value}"));
        var memory = MemberMemory.Of(recipe, model, data, lengths, member.Seed);
        lines.AddRange(Table(memory, recipe.Loop.GradientCheckpointing));
        return (lines, memory);
    }

    // Reward models need not be there yet: recipes that are required come first.
    private static void RequireRewards(TrainingRecipe recipe, PreparedData data, Device device)
    {
        MemberTask.RequireRewards(recipe);
        foreach (var part in recipe.Rewards.Where(part => part is not RewardModelPartOptions))
        {
            MemberReward.TaskReward(part, data.TaskReward, device).Dispose();
        }
    }

    /// <summary>Writes a line of a table of memory.</summary>
    internal static string Row(string name, long bytes, string remark = "") => string.Create(CultureInfo.InvariantCulture, $"    {name,-12}{bytes / 1e6,10:#,0} MB{remark}");

    /// <summary>Writes an estimate as a table.</summary>
    internal static IEnumerable<string> Table(MemoryEstimate memory, bool isCheckpointed)
    {
        yield return "  Memory above the idle process, estimated:";
        yield return Row("weights", memory.Weights);
        if (memory.Reference > 0)
        {
            yield return Row("reference", memory.Reference);
        }
        yield return Row("gradients", memory.Gradients);
        yield return Row("optimiser", memory.Optimizer);
        var other = string.Create(CultureInfo.InvariantCulture, $"{memory.OtherwiseActivations / 1e6:#,0} MB");
        yield return Row("activations", memory.Activations, $"   ({other} with loop.gradientCheckpointing: {(isCheckpointed ? "false" : "true")})");
        if (memory.Sampling > 0)
        {
            yield return Row("sampling", memory.Sampling, "   (before the activations, not beside them)");
        }
        yield return Row("peak", memory.Peak);
    }
}
