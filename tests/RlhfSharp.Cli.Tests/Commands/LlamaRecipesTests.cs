using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

/// <summary>The recipes for large models, on a Llama of a few thousand weights.</summary>
public sealed class LlamaRecipesTests
{
    private static readonly string[] Few =
    [
        "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=0", "data.dialogues=16", "evaluation.evaluationDialogues=10", "evaluation.validationDialogues=10",
        "evaluation.betas=[1]", "evaluation.maxNewTokens=4",
    ];

    [Theory]
    [InlineData("pink-elephants-hackathon2023.yaml", false)]
    [InlineData("pink-elephants-llama.yaml", true)]
    public void Train_TinyLlama_DryRunEstimatesMemoryAndTheRunSavesAnAdapter(string recipe, bool hasRewards)
    {
        using var folder = TestFiles.NewFolder();
        TinyLlama.WriteLanguageModel(folder.File("llama"));
        TinyLlama.WriteUltraRm(folder.File("ultrarm"));
        string[] settings =
        [
            $"model.path={folder.File("llama")}",
            .. hasRewards ? [$"rewards[1].paths=[\"{folder.File("ultrarm")}\"]"] : Array.Empty<string>(),
            .. Few,
        ];
        string[] arguments = ["train", Path.Combine(TestFiles.RepositoryRoot, "recipes", recipe), "--run", folder.File("run"), .. settings.SelectMany(setting => new[] { "--set", setting })];

        var checkedOnly = Rlhf.Run([.. arguments, "--dry-run"]);
        var trained = Rlhf.Run([.. arguments, "--json"]);

        Assert.True(checkedOnly.ExitCode == ExitCodes.Done, checkedOnly.Error);
        Assert.Matches(@"peak +\d", checkedOnly.Output);
        Assert.True(trained.ExitCode == ExitCodes.Done, trained.Error);
        var metrics = JsonNode.Parse(trained.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!["metrics"]!;
        Assert.NotNull(metrics["mention_rate/final"]);
        Assert.NotEmpty(Directory.GetFiles(folder.File("run"), "adapter_model.safetensors", SearchOption.AllDirectories));
    }

    [Fact]
    public void DryRun_CheckpointThatIsNotHere_SaysWhatToDo()
    {
        var result = Rlhf.Run("train", Path.Combine(TestFiles.RepositoryRoot, "recipes", "pink-elephants-llama.yaml"), "--dry-run", "--set", "model.path=nobody/nothing");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("fetch it first: rlhf download nobody/nothing", result.Error, StringComparison.Ordinal);
    }
}
