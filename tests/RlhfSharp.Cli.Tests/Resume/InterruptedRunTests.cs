using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Resume;

[NoTensorLeak]
public sealed class InterruptedRunTests
{
    private const string TwoSeeds = """
        seeds: [3, 4]
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 16, n_head: 2 } }
        data: { kind: random-walks }
        objective: { kind: ilql, alpha: 0.1, stepsForTargetQSync: 2 }
        loop: { rowsPerStep: 8, maxSteps: 150, saveEvery: 0, evaluateEvery: 50, logEvery: 1 }
        evaluation: { kind: random-walks, betas: [0, 1], finalSamplesPerStart: 1 }
        """;

    [Fact]
    public void Train_CtrlC_Returns130WithACheckpointFromWhichItGoesOnExactly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = TestFiles.NewFolder();
        TinyExperiment.WriteRecipe(folder, TwoSeeds);
        using var whole = Rlhf.Start(folder.Path, "train", TinyExperiment.RecipeName, "--run", "whole");
        Assert.Equal(ExitCodes.Done, whole.WaitForEnd().ExitCode);

        using var interrupted = Rlhf.Start(folder.Path, "train", TinyExperiment.RecipeName, "--run", "cut");
        Assert.True(interrupted.WaitUntil(() => HasSteps(folder.File("cut", "seed-4"))));
        interrupted.Interrupt();
        var result = interrupted.WaitForEnd();

        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.EndsWith("What was done is saved. Go on with: rlhf train --resume cut\nInterrupted.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal("interrupted", (string?)JsonNode.Parse(File.ReadAllText(folder.File("cut", "run.json")))!["status"]);
        Assert.Single(Directory.GetDirectories(folder.File("cut", "seed-4", "checkpoints"), "step-*"));
        using var resumed = Rlhf.Start(folder.Path, "train", "--resume", "cut");
        Assert.Equal(ExitCodes.Done, resumed.WaitForEnd().ExitCode);
        RunFiles.AssertEqual(folder.File("whole"), folder.File("cut"));
    }

    [Fact]
    public void Resume_RunThatIsDone_OnlyReportsAgain()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, TwoSeeds.Replace("maxSteps: 150", "maxSteps: 2", StringComparison.Ordinal));
        var run = folder.File("run");
        var first = Rlhf.Run("train", recipe, "--run", run, "--json");
        Assert.Equal(ExitCodes.Done, first.ExitCode);
        var (model, report) = (folder.File("run", "seed-4", "checkpoints", "final", "model.safetensors"), folder.File("run", "report.html"));
        var written = File.GetLastWriteTimeUtc(model);
        File.Delete(report);

        var again = Rlhf.Run("train", "--resume", run, "--json");

        Assert.Equal(ExitCodes.Done, again.ExitCode);
        Assert.Equal(first.Json.GetProperty("metrics").ToString(), again.Json.GetProperty("metrics").ToString());
        Assert.Equal(first.Json.GetProperty("intervals").ToString(), again.Json.GetProperty("intervals").ToString());
        Assert.Equal(written, File.GetLastWriteTimeUtc(model));
        Assert.DoesNotContain("step ", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", again.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(report));
    }

    [Fact]
    public void Train_CancelledBeforeTheFirstStep_SavesNothingAndCanBeResumed()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, TwoSeeds.Replace("maxSteps: 150", "maxSteps: 2", StringComparison.Ordinal));
        using var source = new CancellationTokenSource();
        source.Cancel();

        var result = Rlhf.Run(source.Token, "train", recipe, "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.Equal(ExitCodes.Done, Rlhf.Run("train", "--resume", folder.File("run")).ExitCode);
        Assert.Equal(ExitCodes.Done, Rlhf.Run("train", recipe, "--run", folder.File("whole")).ExitCode);
        Assert.Equal(
            File.ReadAllBytes(folder.File("whole", "seed-4", "checkpoints", "final", "model.safetensors")),
            File.ReadAllBytes(folder.File("run", "seed-4", "checkpoints", "final", "model.safetensors")));
    }

    // What a log holds reaches the file some steps later.
    private static bool HasSteps(string run) => new FileInfo(Path.Combine(run, "metrics.jsonl")) is { Exists: true, Length: > 0 };
}
