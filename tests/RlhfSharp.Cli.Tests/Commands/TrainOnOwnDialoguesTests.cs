using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

/// <summary><c>rlhf train</c> with <c>data: { kind: pink-elephants, folder: ... }</c>.</summary>
[NoTensorLeak]
public sealed class TrainOnOwnDialoguesTests
{
    private const string Recipe = """
        model: { path: MODEL }
        data: { kind: pink-elephants, folder: SET, reward: mention }
        objective: { kind: ilql }
        loop: { rowsPerStep: 2, maxSteps: 1, evaluateEvery: 0 }
        evaluation: { kind: pink-elephants, betas: [0], maxNewTokens: 4, judge: MODEL }
        """;

    [Fact]
    public void Run_AFolder_TrainsOnItAndAnswersItsEvaluationDialogues()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("train", Write(folder, OwnDialogues.Write(folder)), "--run", folder.File("run"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Contains("snail", File.ReadAllText(folder.File("run", "samples.jsonl")), StringComparison.Ordinal);
        Assert.Contains("squid", File.ReadAllText(folder.File("run", "samples.jsonl")), StringComparison.Ordinal);
        Assert.True(result.Json.GetProperty("metrics").TryGetProperty("mention_rate/final", out _));
    }

    [Fact]
    public void Run_AFolderAndASeedOfTheBuiltInDialogues_IsAClearError()
    {
        using var folder = TestFiles.NewFolder();
        var message = Rlhf.Run("train", Write(folder, OwnDialogues.Write(folder)), "--run", folder.File("run"), "--set", "data.dialogueSeed=3").Error;
        Assert.Contains("data.dialogueSeed is about the built-in dialogues, and data.folder names others. Give one of them.", message, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, string set) => TinyExperiment.WriteRecipe(
        folder,
        Recipe.Replace("MODEL", TinyExperiment.WriteCheckpoint(folder, context: 256), StringComparison.Ordinal).Replace("SET", set, StringComparison.Ordinal));
}
