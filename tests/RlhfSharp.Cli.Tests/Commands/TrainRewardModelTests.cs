using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class TrainRewardModelTests
{
    private const string Recipe = """
        model: { path: MODEL }
        data: { kind: dialogues, files: [ROWS], format: plain, folds: 5, heldOutFolds: [1] }
        objective: { kind: reward-model }
        optimizer: { learningRate: 0.01 }
        loop: { maxSteps: 30, rowsPerStep: 16 }
        evaluation: { kind: preferences }
        """;

    [Theory]
    [InlineData("path: MODEL")]
    [InlineData("path: MODEL, lora: { rank: 4, alpha: 32 }")]
    public void Train_ThenScore_AgreesWithHeldOutPreferences(string model)
    {
        using var folder = TestFiles.NewFolder();
        var run = folder.File("run");

        var trained = Rlhf.Run("train", Write(folder, Recipe.Replace("path: MODEL", model, StringComparison.Ordinal)), "--run", run, "--json");

        Assert.True(trained.ExitCode == ExitCodes.Done, trained.Error);
        var metrics = JsonNode.Parse(trained.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!["metrics"]!;
        Assert.True((double)metrics["eval_accuracy"]! > 0.9, metrics.ToJsonString());
        Assert.NotNull(metrics["difference/reward-minus-shorter"]);
        Assert.NotNull(metrics["calibration_error"]);
        // Without --format: the checkpoint, an adapter's too, remembers what it was trained with.
        var scored = Rlhf.Run("score", "--model", run, "--input", folder.File("rows.jsonl"), "--json");
        Assert.True(scored.ExitCode == ExitCodes.Done, scored.Error);
        Assert.True((double)JsonNode.Parse(scored.Output)!["accuracy"]! > 0.9);
    }

    [Theory]
    [InlineData("evaluation: { kind: preferences }", "evaluation: { kind: loss }", "objective.kind: reward-model learns from preferences.")]
    [InlineData("path: MODEL", "new: { model_type: gpt2 }", "model.new needs data with a tokenizer of its own")]
    [InlineData("format: plain", "format: plane", "There is no format 'plane' for reward models. Did you mean 'plain'?")]
    [InlineData("format: plain", "format: pair", "names no cls_token and sep_token")]
    [InlineData("format: plain", "format: plain, maxTokens: 4", "is longer than 4 tokens")]
    public void Train_WrongRecipe_IsNamed(string part, string other, string message)
    {
        using var folder = TestFiles.NewFolder();

        var result = Rlhf.Run("train", Write(folder, Recipe.Replace(part, other, StringComparison.Ordinal)), "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_RowsWithoutPreferences_AreNamed()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Write(folder, Recipe);
        TinyExperiment.WriteRows(folder, TinyExperiment.Completions);

        var result = Rlhf.Run("train", recipe, "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("rows.jsonl:1: is no preference: a reward model learns from rows with 'chosen' and 'rejected'", result.Error, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, string recipe) => TinyExperiment.WriteRecipe(folder, recipe, TinyExperiment.Preferences);
}
