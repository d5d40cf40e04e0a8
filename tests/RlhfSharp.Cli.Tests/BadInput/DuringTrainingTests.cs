using System.Text.Json;
using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Tests.BadInput;

/// <summary>What goes wrong when a run has already saved something.</summary>
[NoTensorLeak]
public sealed class DuringTrainingTests
{
    private const string Recipe = """
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 16, n_head: 2 } }
        data: { kind: random-walks }
        objective: { kind: ilql }
        loop: { rowsPerStep: 8, maxSteps: 6, saveEvery: 1 }
        evaluation: { kind: random-walks, betas: [0], finalSamplesPerStart: 1 }
        """;

    [Fact]
    public void Train_LossDiverges_StopsBeforeTheUpdateAndWritesTheBatchOut()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Recipe);
        var run = folder.File("run");

        var result = Rlhf.Run("train", recipe, "--set", "optimizer.learningRate=1e30", "--run", run);

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("error: Step 2: gradient norm is ", result.Error, StringComparison.Ordinal);
        Assert.Contains("weights not updated. Rows of this step: random walks:", result.Error, StringComparison.Ordinal);
        Assert.Contains("lower optimizer.learningRate (now 1E+30).", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        var batch = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "diverged-step-000002.json"))).RootElement;
        Assert.Equal(2, batch.GetProperty("step").GetInt32());
        Assert.Equal(8, batch.GetProperty("rows").GetArrayLength());
        AssertLoads(Path.Combine(run, "checkpoints", "step-000001"));
        EarlierRun.AssertNothingHalfWritten(run);
        Assert.Contains("\"status\": \"failed\"", File.ReadAllText(Path.Combine(run, "run.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_DiskIsFull_KeepsWhatWasSavedAndGoesOnOnceThereIsRoom()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no ulimit");
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Recipe);
        Assert.Equal(ExitCodes.Done, Rlhf.Run("train", recipe, "--run", folder.File("whole")).ExitCode);
        using (var stopped = Rlhf.Start(folder.Path, "train", TinyExperiment.RecipeName, "--run", "run"))
        {
            Assert.True(stopped.WaitUntil(() => Directory.Exists(folder.File("run", "checkpoints", "step-000002"))));
            stopped.Kill();
        }
        var progress = File.ReadAllText(folder.File("run", "progress.json"));

        var result = Rlhf.RunWithFileSizeLimit(16, folder.Path, "train", "--resume", "run");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("could not be written: The file would be larger than the system allows", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(progress, File.ReadAllText(folder.File("run", "progress.json")));
        EarlierRun.AssertNothingHalfWritten(folder.File("run"));
        var checkpoint = JsonDocument.Parse(progress).RootElement.GetProperty("state").GetProperty("checkpoint").GetString()!;
        AssertLoads(folder.File("run", "checkpoints", checkpoint));
        Assert.Equal(ExitCodes.Done, Rlhf.Run("train", "--resume", folder.File("run")).ExitCode);
        Assert.Equal(
            File.ReadAllBytes(folder.File("whole", "checkpoints", "final", "model.safetensors")),
            File.ReadAllBytes(folder.File("run", "checkpoints", "final", "model.safetensors")));
    }

    [Fact]
    public void Resume_CheckpointOfTheLastCommitIsGone_NamesIt()
    {
        using var folder = TestFiles.NewFolder();
        var run = folder.File("run");
        var recipe = TinyExperiment.WriteRecipe(folder, Recipe);
        Rlhf.Run("train", recipe, "--set", "optimizer.learningRate=1e30", "--run", run);
        Directory.Delete(Path.Combine(run, "checkpoints", "step-000001"), recursive: true);

        var result = Rlhf.Run("train", "--resume", run);

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("its last commit names the checkpoint 'step-000001', which is not there.", result.Error, StringComparison.Ordinal);
    }

    private static void AssertLoads(string checkpoint)
    {
        using (Checkpoint.Load(checkpoint, ScalarType.Float32, CPU))
        {
            Assert.True(File.Exists(Path.Combine(checkpoint, "trainer", "state.json")));
        }
    }
}
