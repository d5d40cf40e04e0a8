using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What finds the label of a text; key <c>judge</c> of an axis of labels, chosen by its <c>kind</c>.</summary>
public abstract record MapJudgeOptions
{
    /// <summary>Makes the judge.</summary>
    /// <param name="labels">The labels of its axis.</param>
    /// <exception cref="RecipeException">A setting does not fit the axis.</exception>
    internal abstract IMapJudge Create(IReadOnlyList<string> labels);
}
