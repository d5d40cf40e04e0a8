using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

/// <summary>Policies that answer the prompts of a file, scored by a reward model.</summary>
public sealed class TrainOnPromptsTests
{
    private const string Recipe = """
        name: prompts
        seeds: [0]
        model: { path: MODEL }
        data: { kind: dialogues, files: [ROWS], format: human-assistant, folds: 2, heldOutFolds: [1], onTooLong: TOOLONG }
        objective: { kind: ppo, promptsPerRound: 2, maxNewTokens: 8 }
        rewards: [{ kind: reward-model, paths: [REWARD], format: plain, standardize: true }]
        optimizer: { learningRate: 0.001 }
        loop: { rowsPerStep: 2, maxSteps: 3, evaluateEvery: 2 }
        evaluation: { kind: reward, prompts: 2 }
        """;

    [Fact]
    public void Train_PromptsFromAFile_RewardIsMeasuredAgainstTheStart()
    {
        using var folder = TestFiles.NewFolder();

        var result = Rlhf.Run("train", Write(folder, "skip"), "--run", folder.File("run"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var metrics = JsonNode.Parse(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!["metrics"]!;
        Assert.InRange((double)metrics["eval_win_rate"]!, 0, 1);
        Assert.Equal((double)metrics["eval_reward"]!, (double)metrics["eval_rewards/reward_model"]!, 1e-9);   // as it comes, though training standardises it
        Assert.InRange((double)metrics["eval_length"]!, 1, 8);
        var first = File.ReadLines(folder.File("run", "metrics.jsonl")).Select(line => JsonNode.Parse(line)!).First(line => line["eval_kl"] is not null);
        Assert.Equal((0, 0.0, 0.5), ((int)first["step"]!, (double)first["eval_kl"]!, (double)first["eval_win_rate"]!));   // the start is its own equal
    }

    [Fact]
    public void Train_PromptThatFillsTheContext_IsNamedOrLeftOut()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Write(folder, "error", longest: 5000);

        var refused = Rlhf.Run("train", recipe, "--run", folder.File("run"));
        var left = Rlhf.Run("train", recipe, "--run", folder.File("run"), "--dry-run", "--set", "data.onTooLong=skip");

        Assert.Equal(ExitCodes.Error, refused.ExitCode);
        Assert.Contains("rows.jsonl:6: the prompt has", refused.Error, StringComparison.Ordinal);
        Assert.True(left.ExitCode == ExitCodes.Done, left.Error);
        Assert.Contains("Prompts too long: 1", left.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("objective.kind=sft", "evaluation.kind: reward scores samples of a policy")]
    [InlineData("evaluation={ kind: loss }", "or data.kind: dialogues with evaluation: { kind: reward }")]
    [InlineData("rewards=[]", "The objective learns from rewards")]
    public void Train_WhatDoesNotGoTogether_IsNamed(string setting, string message)
    {
        using var folder = TestFiles.NewFolder();
        string[] settings = setting.StartsWith("objective", StringComparison.Ordinal) ? ["--set", "objective={ kind: sft }", "--set", "rewards=[]"] : ["--set", setting];

        var result = Rlhf.Run(["train", Write(folder, "skip"), "--run", folder.File("run"), .. settings]);

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, string onTooLong, int longest = 20)
    {
        TinyLlama.WriteLanguageModel(folder.File("model"));
        TinyLlama.WriteRewardModel(folder.File("reward"), labels: 1);
        File.WriteAllLines(folder.File("rows.jsonl"), Enumerable.Range(0, 6).Select(index => new JsonObject
        {
            ["prompt"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"question {index}{new string('?', index == 5 ? longest : 1)}" }),
        }.ToJsonString()));
        File.WriteAllText(folder.File("recipe.yaml"), Recipe
            .Replace("MODEL", folder.File("model"), StringComparison.Ordinal)
            .Replace("REWARD", folder.File("reward"), StringComparison.Ordinal)
            .Replace("ROWS", folder.File("rows.jsonl"), StringComparison.Ordinal)
            .Replace("TOOLONG", onTooLong, StringComparison.Ordinal));
        return folder.File("recipe.yaml");
    }
}
