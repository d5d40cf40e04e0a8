using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Resume;

[NoTensorLeak]
public sealed class WorkersTests
{
    private const string ThreeSeeds = """
        seeds: [3, 4, 5]
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 16, n_head: 2 } }
        data: { kind: random-walks }
        objective: { kind: ilql, alpha: 0.1, stepsForTargetQSync: 2 }
        loop: { rowsPerStep: 8, maxSteps: 60, saveEvery: 0, evaluateEvery: 30, logEvery: 1 }
        evaluation: { kind: random-walks, betas: [0, 1], finalSamplesPerStart: 1 }
        """;

    private static readonly string[] Seeds = ["seed-3", "seed-4", "seed-5"];

    [Fact]
    public void Train_SeveralRunsAtATime_TrainsWhatItTrainsOneAfterTheOther()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, ThreeSeeds);

        var alone = Rlhf.Run("train", recipe, "--run", folder.File("alone"), "--json");
        var together = Rlhf.Run("train", recipe, "--run", folder.File("together"), "--workers", "2", "--json");

        Assert.Equal((ExitCodes.Done, ExitCodes.Done), (alone.ExitCode, together.ExitCode));
        Assert.Equal(alone.Json.GetProperty("metrics").ToString(), together.Json.GetProperty("metrics").ToString());
        Assert.All(Seeds, seed => RunFiles.AssertEqual(folder.File("alone", seed), folder.File("together", seed)));
    }

    [Fact]
    public void Iterate_SeveralStagesAtATime_ComputesWhatItComputesOneAfterTheOther()
    {
        using var folder = TestFiles.NewFolder();
        var kind = ResumeKind.All.Single(kind => kind.Command == "iterate");
        var recipe = TinyExperiment.WriteRecipe(folder, kind.Recipe);
        kind.Prepare(folder);

        var alone = Rlhf.Start(folder.Path, "iterate", recipe, "--run", "alone", "--workers", "1", "--json").WaitForEnd();
        var together = Rlhf.Start(folder.Path, "iterate", recipe, "--run", "together", "--workers", "3", "--json").WaitForEnd();

        Assert.True((alone.ExitCode, together.ExitCode) == (ExitCodes.Done, ExitCodes.Done), alone.Error + together.Error);
        Assert.Contains("\"workers\": 3", File.ReadAllText(folder.File("together", "run.json")), StringComparison.Ordinal);
        Assert.All(["stages", "rows"], part => RunFiles.AssertEqual(folder.File("alone", part), folder.File("together", part)));
    }

    [Fact]
    public void Resume_RunsThatWereCutOffTogether_GoOnExactly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, ThreeSeeds.Replace("maxSteps: 60", "maxSteps: 150", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Done, Rlhf.Run("train", recipe, "--run", folder.File("whole")).ExitCode);
        using var interrupted = Rlhf.Start(folder.Path, "train", recipe, "--run", "cut", "--workers", "3");
        Assert.True(interrupted.WaitUntil(() => Seeds.All(seed => new FileInfo(folder.File("cut", seed, "metrics.jsonl")) is { Exists: true, Length: > 0 })));
        interrupted.Interrupt();

        Assert.Equal(ExitCodes.Interrupted, interrupted.WaitForEnd().ExitCode);

        Assert.All(Seeds, seed => Assert.Single(Directory.GetDirectories(folder.File("cut", seed, "checkpoints"), "step-*")));
        var resumed = Rlhf.Run("train", "--resume", folder.File("cut"));
        Assert.True(resumed.ExitCode == ExitCodes.Done, resumed.Error);
        Assert.All(Seeds, seed => RunFiles.AssertEqual(folder.File("whole", seed), folder.File("cut", seed)));
    }

    [Fact]
    public void Train_ParentIsKilled_ItsRunsWriteCheckpointsAndStop()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells who has started a process");
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, ThreeSeeds.Replace("maxSteps: 60", "maxSteps: 100000", StringComparison.Ordinal));
        using var parent = Rlhf.Start(folder.Path, "train", recipe, "--run", "run", "--workers", "3");
        Assert.True(parent.WaitUntil(() => Seeds.All(seed => new FileInfo(folder.File("run", seed, "metrics.jsonl")) is { Exists: true, Length: > 0 })));

        Assert.Equal((true, Seeds.Length), parent.KillAlone());

        Assert.All(Seeds, seed => Assert.Single(Directory.GetDirectories(folder.File("run", seed, "checkpoints"), "step-*")));
    }

    [Fact]
    public void Train_ARunFails_SaysWhatIsWrongAndStopsTheOthers()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, ThreeSeeds.Replace("maxSteps: 60", "maxSteps: 100000", StringComparison.Ordinal));
        Directory.CreateDirectory(folder.File("run"));
        using var parent = Rlhf.Start(folder.Path, "train", recipe, "--run", "run", "--workers", "2");
        // A file where the third run's folder shall be, as soon as the others begin: one fails, and the next begins and fails.
        Assert.True(parent.WaitUntil(() => File.Exists(folder.File("run", "run.json"))));
        File.WriteAllText(folder.File("run", "seed-5"), "in the way");
        Assert.True(parent.WaitUntil(() => new FileInfo(folder.File("run", "seed-3", "metrics.jsonl")) is { Exists: true, Length: > 0 }));
        parent.Interrupt();

        Assert.Equal(ExitCodes.Interrupted, parent.WaitForEnd().ExitCode);
        var resumed = Rlhf.Run("train", "--resume", folder.File("run"), "--workers", "3");
        Assert.Equal(ExitCodes.Error, resumed.ExitCode);
        Assert.Contains("seed-5", resumed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NoWorkers_IsRefused()
    {
        var result = Rlhf.Run("train", "any.yaml", "--workers", "0");

        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("--workers is 0; it must be from 1 to 64.", result.Error, StringComparison.Ordinal);
    }
}
