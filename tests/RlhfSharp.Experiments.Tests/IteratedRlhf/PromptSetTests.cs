using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

/// <summary>Which prompts are trained on, and which are measured on.</summary>
public sealed class PromptSetTests
{
    private const string Recipe = """
        name: prompts
        model: { path: tiny-world/dialogues }
        data: { kind: pink-elephants, dialogues: 300 }
        gold: { path: gold }
        labels: { perBatch: 10 }
        objective: { kind: ppo }
        evaluation: { prompts: 60 }
        """;

    [Theory]
    [InlineData("evaluation.from=evaluation", "evaluation-")]
    [InlineData("evaluation.from=validation", "validation-")]
    public void Read_HeldOutPrompts_AreThoseAskedForAndAboutThingsThatNobodyTrainedOn(string setting, string part)
    {
        var prompts = Read(setting);

        Assert.Equal(60, prompts.HeldOut.Count);
        Assert.All(prompts.HeldOut, prompt => Assert.StartsWith(part, prompt.Id, StringComparison.Ordinal));
        Assert.Empty(prompts.HeldOut.Select(prompt => prompts.Groups[prompt.Id]).Intersect(prompts.Training.Select(prompt => prompts.Groups[prompt.Id])));
    }

    [Fact]
    public void Read_WhateverIsHeldOut_TrainsOnTheSamePrompts() =>
        Assert.Equal(Read("evaluation.from=evaluation").Training.Select(prompt => prompt.Id), Read("evaluation.from=validation").Training.Select(prompt => prompt.Id));

    private static PromptSet Read(string setting) => PromptSet.Read(
        RecipeReader.Parse<IterationRecipe>(Recipe, "prompts.yaml", [setting]),
        TokenizerLoader.Load(Path.Combine(TestFiles.RepositoryRoot, "models", "tiny-world", "dialogues")));
}
