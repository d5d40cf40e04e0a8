using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.BadInput;

/// <summary>Objectives that learn from rewards, and what they may be asked for.</summary>
[NoTensorLeak]
public sealed class RewardTests
{
    private const string Walks = """
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 32, n_head: 2 } }
        data: { kind: random-walks }
        evaluation: { kind: random-walks, finalSamplesPerStart: 1 }
        loop: { rowsPerStep: 8, maxSteps: 1 }
        """;

    private const string Ppo = "objective: { kind: ppo, promptsPerRound: 8, maxNewTokens: 9 }";

    [Theory]
    [InlineData(Ppo, "", "list at least one under 'rewards'")]
    [InlineData(Ppo, "rewards: [{ kind: optimality }, { kind: optimality }]", "two parts are called 'optimality'")]
    [InlineData(Ppo, "rewards: [{ kind: pink-elephant }]", "'obeys' is not a reward for this data")]
    [InlineData(Ppo, "rewards: [{ kind: reward-model, paths: [nowhere] }]", "nowhere")]
    [InlineData(Ppo, "rewards: [{ kind: optimality, weight: heavy }]", "weight")]
    [InlineData("objective: { kind: sft }", "rewards: [{ kind: optimality }]", "Supervised fine-tuning reads none")]
    [InlineData("objective: { kind: rest, thresholds: [0.9, 0.8] }", "rewards: [{ kind: optimality }]", "thresholds rise, from 0 to 1")]
    [InlineData("objective: { kind: rest, clipRange: 0.1 }", "rewards: [{ kind: optimality }]", "clipRange")]
    [InlineData("objective: { kind: rloo, samplesPerPrompt: 1 }", "rewards: [{ kind: optimality }]", "samplesPerPrompt")]
    public void Train_RewardsOrOptionsThatDoNotFit_SaysWhatIsWrong(string objective, string rewards, string expected)
    {
        using var folder = TestFiles.NewFolder();
        var recipe = folder.File("recipe.yaml");
        File.WriteAllText(recipe, $"name: rewards\n{Walks}\n{objective}\n{rewards}\n");

        var result = Rlhf.Run("train", recipe, "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DataWithoutPromptsToSampleFrom_SaysWhichHaveThem()
    {
        using var folder = TestFiles.NewFolder();
        TinyExperiment.WriteRows(folder, TinyExperiment.Preferences);
        var model = TinyExperiment.WriteCheckpoint(folder);
        var recipe = folder.File("recipe.yaml");
        File.WriteAllText(recipe, $"name: rewards\nmodel: {{ path: {model} }}\ndata: {{ kind: dialogues, files: [{folder.File("rows.jsonl")}] }}\nevaluation: {{ kind: preferences }}\n{Ppo}\n");

        Assert.Contains("data.kind random-walks or pink-elephants", Rlhf.Run("train", recipe, "--run", folder.File("run")).Error, StringComparison.Ordinal);
    }
}
