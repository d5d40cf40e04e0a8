using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class TrainDpoTests
{
    private const string Recipe = """
        model: { path: MODEL }
        data: { kind: dialogues, files: [ROWS], folds: 5, heldOutFolds: [1] }
        objective: { kind: dpo, lossType: sigmoid }
        optimizer: { learningRate: 0.003 }
        loop: { maxSteps: 30, rowsPerStep: 16 }
        evaluation: { kind: preferences }
        """;

    [Theory]
    [InlineData("sigmoid, labelSmoothing: 0.1")]
    [InlineData("ipo")]
    [InlineData("apo-zero")]
    [InlineData("sigmoid-norm, sftCoefficient: 0.5")]
    public void Train_Preferences_RaisesTheLeadOnHeldOutPairs(string loss)
    {
        using var folder = TestFiles.NewFolder();

        var result = Rlhf.Run("train", Write(folder, Recipe.Replace("lossType: sigmoid", $"lossType: {loss}", StringComparison.Ordinal)), "--run", folder.File("run"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var metrics = JsonNode.Parse(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!["metrics"]!;
        Assert.True((double)metrics["eval_rewards/accuracies"]! > 0.9, metrics.ToJsonString());
        Assert.True((double)metrics["eval_rewards/margins"]! > 0, metrics.ToJsonString());
        Assert.NotNull(metrics["difference/dpo-minus-shorter"]);
    }

    [Fact]
    public void Train_PinkElephants_TakesBothAnswersOfEachDialogue()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, """
            model: { path: tiny-world/dialogues }
            data: { kind: pink-elephants, dialogues: 24 }
            objective: { kind: dpo }
            loop: { maxSteps: 2, rowsPerStep: 4 }
            evaluation: { kind: pink-elephants, betas: [0], beta: 0, maxNewTokens: 12, validationDialogues: 10, evaluationDialogues: 10 }
            """);

        var result = Rlhf.Run("train", recipe, "--run", folder.File("run"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Contains("mention_rate/final", result.Output, StringComparison.Ordinal);
        var first = JsonNode.Parse(File.ReadLines(folder.File("run", "metrics.jsonl")).First(line => line.Contains("rewards/margins", StringComparison.Ordinal)))!;
        Assert.Equal(Math.Log(2), (double)first["loss"]!, 1e-4);   // the policy is the reference at first
    }

    [Theory]
    [InlineData("evaluation: { kind: preferences }", "evaluation: { kind: loss }", "objective.kind: dpo learns from preferences.")]
    [InlineData("lossType: sigmoid", "lossType: sigmod", "sigmoid")]
    [InlineData("lossType: sigmoid", "beta: 0", "beta")]
    public void Train_WrongRecipe_IsNamed(string part, string other, string message)
    {
        using var folder = TestFiles.NewFolder();

        var result = Rlhf.Run("train", Write(folder, Recipe.Replace(part, other, StringComparison.Ordinal)), "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, string recipe) => TinyExperiment.WriteRecipe(folder, recipe, TinyExperiment.Preferences);
}
