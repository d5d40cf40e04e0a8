using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Estimates what memory one run of an experiment takes.</summary>
internal static class MemberMemory
{
    /// <summary>Lists the tokens of each row that is learnt from; for what is sampled, those of the longest it may come to.</summary>
    public static int[] RowLengths(TrainingRecipe recipe, ModelConfig config, PreparedData data) => recipe.Objective is OnPolicyOptions sampled
        ? [.. Enumerable.Repeat(RowLength(config, sampled, LongestPrompt(data), recipe.Loop), sampled.RowsPerPass)]
        : [.. data.RowLengths(config)];

    /// <summary>Estimates.</summary>
    /// <param name="recipe">The run's recipe; its objective trains.</param>
    /// <param name="model">The model as it will train.</param>
    /// <param name="data">Its data.</param>
    /// <param name="rowLengths">See <see cref="RowLengths"/>.</param>
    /// <param name="seed">The run's seed.</param>
    public static MemoryEstimate Of(TrainingRecipe recipe, TransformerModel model, PreparedData data, IReadOnlyList<int> rowLengths, long seed) =>
        MemoryEstimate.Of(model, recipe.Objective, recipe.Loop, rowLengths, recipe.Objective is OnPolicyOptions ? LongestPrompt(data) : 0, seed);

    /// <summary>Counts the tokens of a row of the longest prompt. Where rows stand for one answer each, as many share the prompt as a step has room for.</summary>
    public static int RowLength(ModelConfig config, OnPolicyOptions sampled, int longestPrompt, LoopOptions loop)
    {
        var together = sampled.AnswersPerRow > 1 ? sampled.AnswersPerRow : Math.Min(loop.RowsPerStep, sampled.AnswersTogether);
        return sampled.AnswersPerRow * PromptSharing.TokensPerAnswer(config, longestPrompt, sampled.MaxNewTokens, together);
    }

    private static int LongestPrompt(PreparedData data) => data.Prompts.Max(prompt => prompt.Tokens.Count);
}
