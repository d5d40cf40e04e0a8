using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The models of a map: who writes, who judges, who rewards.</summary>
/// <param name="Writer">Writes.</param>
/// <param name="Judges">Judge on each axis, <c>[axes]</c>; null where there is none.</param>
/// <param name="Rewards">Those that read texts, in the recipe's order.</param>
internal sealed record MapParts(ITextWriter Writer, IReadOnlyList<IMapJudge?> Judges, IReadOnlyList<MapReward> Rewards) : IDisposable
{
    /// <summary>Gets the texts, where they are known before the map begins; null where they are yet to be written.</summary>
    public IReadOnlyList<KnownText>? Texts { get; init; }

    /// <summary>Checks what a recipe names, as far as that goes without loading models or asking servers.</summary>
    /// <exception cref="InputException">A model is not there or of another kind, or a setting is wrong.</exception>
    public static void Check(MapRecipe recipe)
    {
        foreach (var axis in recipe.Axes.OfType<LabelAxisOptions>())
        {
            axis.Judge?.Create(axis.Labels);
        }
        if (recipe.Generator.ModelPath is { } generator && Checkpoint.IsClassifier(CheckpointPath.Resolve(generator)))
        {
            throw new InputException($"generator.path: '{generator}' gives scores and cannot write.");
        }
        recipe.TasteOf(recipe.Seeds[0]);
        foreach (var reward in recipe.TextRewards)
        {
            if (reward.ModelPath is { } path && !Checkpoint.IsClassifier(CheckpointPath.Resolve(path)))
            {
                throw new InputException($"rewards: '{path}' is a language model and gives no scores. Name a reward model.");
            }
        }
    }

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="InputException">A model cannot be loaded, or a setting is wrong.</exception>
    public static MapParts Open(MapRecipe recipe, string folder, long seed, Device device, TimeProvider time)
    {
        var judges = recipe.Axes.Select(axis => axis is LabelAxisOptions { Judge: { } judge } labels ? judge.Create(labels.Labels) : null).ToList();
        var texts = recipe.Generator.Texts(recipe);
        var taste = recipe.TasteOf(seed);
        var writer = recipe.Generator.Open(folder, device, time);
        var rewards = new List<MapReward>();
        try
        {
            rewards.AddRange(recipe.TextRewards.Select(reward => new MapReward(reward, reward.For(taste, seed).Open(folder, device, time))));
            return new MapParts(writer, judges, rewards) { Texts = texts };
        }
        catch
        {
            writer.Dispose();
            rewards.ForEach(reward => reward.Scorer.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        Writer.Dispose();
        foreach (var reward in Rewards)
        {
            reward.Scorer.Dispose();
        }
    }
}
