using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class ReportCommandTests
{
    private const string Recipe = """
        caveats: ["Ten dialogues show nothing."]
        model: { path: MODEL }
        data: { kind: pink-elephants, dialogues: 12 }
        objective: { kind: ilql, qInitialization: language-model }
        loop: { rowsPerStep: 8, maxSteps: 2, evaluateEvery: 1, saveAs: bfloat16 }
        evaluation: { kind: pink-elephants, beta: 1, betas: [0, 1], maxNewTokens: 8, validationDialogues: 10, evaluationDialogues: 10, judge: MODEL }
        """;

    [Fact]
    public void Run_ARunThatIsDone_GivesTheSameReportAgain()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Recipe.Replace("MODEL", TinyExperiment.WriteCheckpoint(folder, context: 1024), StringComparison.Ordinal));
        var trained = Rlhf.Run("train", recipe, "--run", folder.File("run"));
        Assert.True(trained.ExitCode == ExitCodes.Done, trained.Error);
        var before = File.ReadAllText(folder.File("run", "report.html"));
        Assert.Contains("Ten dialogues show nothing.", before, StringComparison.Ordinal);
        // Half the size to pass on, every bit to resume from.
        string Config(string checkpoint) => File.ReadAllText(folder.File("run", "checkpoints", checkpoint, "config.json"));
        Assert.Contains("\"torch_dtype\": \"bfloat16\"", Config("final"), StringComparison.Ordinal);
        Assert.Contains("\"torch_dtype\": \"float32\"", Config("step-000002"), StringComparison.Ordinal);
        File.Delete(folder.File("run", "report.html"));

        var result = Rlhf.Run("report", folder.File("run"));

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(before, File.ReadAllText(folder.File("run", "report.html")));
        Assert.Contains("mention_rate/final", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoRun_IsAClearError()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("report", folder.File("nothing"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("There is no run", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_RecipeWithoutVariants_SaysWhatIsMissing()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("compare", TinyExperiment.WriteRecipe(folder, Recipe), "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("List variants", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("run")));
    }
}
