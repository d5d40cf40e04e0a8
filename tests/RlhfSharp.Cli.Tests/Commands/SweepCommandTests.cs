using System.Text.Json;
using RlhfSharp.Cli.Tests.Resume;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class SweepCommandTests
{
    private const string Base = """
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 16, n_head: 2 } }
        data: { kind: random-walks }
        objective: { kind: ilql, alpha: 0.1, stepsForTargetQSync: 2 }
        optimizer: { schedule: cosine }
        loop: { rowsPerStep: 8, maxSteps: 9, saveEvery: 0, evaluateEvery: 3, logEvery: 1 }
        evaluation: { kind: random-walks, betas: [0, 1], finalSamplesPerStart: 1 }
        caveats: [This is small.]
        sweep:
          metric: lengths@beta=0
          goal: minimize
        """;

    private const string Rates = "optimizer.learningRate: { range: [1.0e-4, 1.0e-1], scale: log }";
    private const string Random = $"{Base}\n  method: random\n  trials: 3\n  bars: [{{ metric: optimality@beta=1, atLeast: 0.5, ofStart: optimality@beta=0 }}]\n  parameters: {{ {Rates} }}";
    private const string Halving = $"{Base}\n  method: halving\n  trials: 4\n  eta: 2\n  minSteps: 3\n  parameters: {{ {Rates}, objective.targetSync: {{ values: [never, per-step] }} }}";

    private const string WithFailures =
        $"{Base}\n  method: grid\n  parameters: {{ objective.kind: {{ values: [ilql, sft] }}, objective.tau: {{ values: [0.6] }}, optimizer.learningRate: {{ values: [0.01, 1.0e+30] }} }}";

    [Fact]
    public void Sweep_Random_FindsTheBestAndWritesItsRecipe()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Random);
        var run = folder.File("run");

        var result = Rlhf.Run("sweep", recipe, "--run", run, "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var trials = Trials(run);
        var best = result.Json.GetProperty("best");
        Assert.Equal(3, result.Json.GetProperty("trials").GetProperty("done").GetInt32());
        var index = best.GetProperty("trial").GetInt32();
        Assert.Equal(trials[index].GetProperty("settings").ToString(), best.GetProperty("settings").ToString());
        var candidates = trials.Where(trial => trial.GetProperty("meets_bars").GetBoolean()).ToList();
        Assert.Equal((candidates.Count > 0 ? candidates : trials).Min(trial => trial.GetProperty("value").GetDouble()), best.GetProperty("value").GetDouble());
        Assert.Equal(9, best.GetProperty("steps").GetInt32());
        Assert.False(File.Exists(Path.Combine(run, "trial-000", "results.json")), "The last evaluation was made.");
        var report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("What this does not show", report, StringComparison.Ordinal);
        Assert.Contains("Which settings matter", report, StringComparison.Ordinal);

        File.Delete(Path.Combine(run, "report.html"));
        Assert.Equal(ExitCodes.Done, Rlhf.Run("report", run).ExitCode);
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
        var trained = Rlhf.Run("train", Path.Combine(run, "best.yaml"), "--set", "loop.maxSteps=2", "--run", folder.File("best"));
        Assert.True(trained.ExitCode == ExitCodes.Done, trained.Error);
    }

    [Fact]
    public void Sweep_Halving_TrialsThatGoOnBecomeWhatTheyWouldBeWithoutStops()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Halving);
        string[] whole = ["--set", "sweep.method=random", "--set", "sweep.minSteps=null", "--set", "sweep.eta=null"];

        var halved = Rlhf.Run("sweep", recipe, "--run", folder.File("halved"), "--json");
        var random = Rlhf.Run(["sweep", recipe, "--run", folder.File("whole"), .. whole]);

        Assert.True(halved.ExitCode == ExitCodes.Done, halved.Error);
        Assert.True(random.ExitCode == ExitCodes.Done, random.Error);
        var steps = Trials(folder.File("halved")).Select(trial => trial.GetProperty("steps").GetInt32()).Order();
        Assert.Equal([3, 3, 6, 9], steps);
        var best = $"trial-{halved.Json.GetProperty("best").GetProperty("trial").GetInt32():D3}";
        RunFiles.AssertEqual(folder.File("whole", best), folder.File("halved", best));
    }

    [Fact]
    public void Sweep_SeveralWorkers_GivesTheSameTable()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Halving.Replace("sweep:", "seeds: [1, 2]\nsweep:", StringComparison.Ordinal));

        var alone = Rlhf.Run("sweep", recipe, "--run", folder.File("alone"), "--workers", "1");
        var together = Rlhf.Run("sweep", recipe, "--run", folder.File("together"), "--workers", "3");

        Assert.True(alone.ExitCode == ExitCodes.Done, alone.Error);
        Assert.True(together.ExitCode == ExitCodes.Done, together.Error);
        Assert.Equal(File.ReadAllText(folder.File("alone", "trials.jsonl")), File.ReadAllText(folder.File("together", "trials.jsonl")));
        Assert.Equal(File.ReadAllText(folder.File("alone", "best.yaml")), File.ReadAllText(folder.File("together", "best.yaml")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Sweep_TrialsThatFail_AreRecordedAndTheOthersGoOn(string workers)
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, WithFailures);
        var run = folder.File("run");

        var result = Rlhf.Run("sweep", recipe, "--run", run, "--workers", workers, "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal((1, 3), (result.Json.GetProperty("trials").GetProperty("done").GetInt32(), result.Json.GetProperty("trials").GetProperty("failed").GetInt32()));
        var trials = Trials(run);
        Assert.Contains("gradient norm is NaN", trials[1].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("unknown key 'objective.tau'", trials[2].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("trial-001 failed: Step", result.Error, StringComparison.Ordinal);
        Assert.Contains("Trials that failed", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        var again = Rlhf.Run("sweep", "--resume", run, "--json");
        Assert.Equal(result.Json.GetProperty("best").ToString(), again.Json.GetProperty("best").ToString());
        Assert.DoesNotContain("step ", again.Error, StringComparison.Ordinal);   // neither those that are done nor those that failed are tried again
    }

    [Fact]
    public void Sweep_AllTrialsFail_IsAnError()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, WithFailures.Replace("[0.01, 1.0e+30]", "[1.0e+30]", StringComparison.Ordinal));

        var result = Rlhf.Run("sweep", recipe, "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("All 2 trials failed", result.Error, StringComparison.Ordinal);
        Assert.Contains("gradient norm is NaN", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_MetricThatIsNotMeasured_StopsAtOnceAndNamesThoseThatAre()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Random);

        var result = Rlhf.Run("sweep", recipe, "--run", folder.File("run"), "--set", "sweep.metric=optimality@beta=2", "--set", "loop.maxSteps=100000");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("sweep.metric is 'optimality@beta=2', but evaluations on the way measure no such thing. Did you mean 'optimality@beta=0'?", result.Error, StringComparison.Ordinal);
        Assert.Contains("lengths@beta=1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_MoreTrials_KeepsThoseThereWere()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Random);
        var run = folder.File("run");
        Assert.Equal(ExitCodes.Done, Rlhf.Run("sweep", recipe, "--run", run, "--trials", "2").ExitCode);
        var before = File.ReadAllLines(Path.Combine(run, "trials.jsonl"));
        Assert.Equal(2, before.Length);

        var more = Rlhf.Run("sweep", "--resume", run, "--trials", "4");

        Assert.True(more.ExitCode == ExitCodes.Done, more.Error);
        var after = File.ReadAllLines(Path.Combine(run, "trials.jsonl"));
        Assert.Equal(4, after.Length);
        Assert.Equal(before, after[..2]);
        Assert.DoesNotContain("] trial-001", more.Error, StringComparison.Ordinal);
        Assert.Contains("--trials 3 would be fewer", Rlhf.Run("sweep", "--resume", run, "--trials", "3").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_Sweep_ListsRungsTrialsAndMemory()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("sweep", TinyExperiment.WriteRecipe(folder, Halving), "--dry-run");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Contains("peak", result.Output, StringComparison.Ordinal);
        Assert.Contains("  4 to step 3\n  2 to step 6\n  1 to the end of training\n  trial-000: learningRate ", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists("runs/tiny"));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("train", "--dry-run")]
    public void Train_RecipeOfASweep_NamesTheCommand(params string[] words)
    {
        using var folder = TestFiles.NewFolder();
        var recipe = TinyExperiment.WriteRecipe(folder, Random);

        var result = Rlhf.Run([words[0], recipe, .. words[1..]]);

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains($"Run it by: rlhf sweep {recipe}", result.Error, StringComparison.Ordinal);
    }

    private static List<JsonElement> Trials(string run) =>
        [.. File.ReadLines(Path.Combine(run, "trials.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
}
