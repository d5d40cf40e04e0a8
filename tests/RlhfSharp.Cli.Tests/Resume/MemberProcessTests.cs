using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Tests.Resume;

/// <summary>The processes that do single runs of an experiment: what they are told, and what becomes of them.</summary>
[NoTensorLeak]
public sealed class MemberProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFiles.NewFolder();
    private readonly TrainingSession _session;
    private readonly ExperimentConsole _console = new(TextWriter.Null);

    public MemberProcessTests()
    {
        var recipe = TinyExperiment.WriteRecipe(_folder, """
            seeds: [3, 4]
            model: { new: { model_type: gpt2, n_layer: 1, n_embd: 16, n_head: 2 } }
            data: { kind: random-walks }
            objective: { kind: ilql, alpha: 0.1, stepsForTargetQSync: 2 }
            loop: { rowsPerStep: 8, maxSteps: 6, saveEvery: 2, evaluateEvery: 0, logEvery: 1 }
            evaluation: { kind: random-walks, betas: [0, 1], finalSamplesPerStart: 1 }
            """);
        _session = TrainingSession.Start(recipe, [], _folder.File("run"), overwrite: false, CPU, _console, TimeProvider.System);
    }

    public void Dispose()
    {
        _session.Dispose();
        _console.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Do_OneOrderAfterTheOther_AreDoneByTheSameProcess()
    {
        using var process = Start();
        var steps = new Steps();

        process.Do(new MemberOrder(0, StopAfter: 4), steps, CancellationToken.None);
        process.Do(new MemberOrder(1, StopAfter: null), steps, CancellationToken.None);
        process.Do(new MemberOrder(0, StopAfter: null), steps, CancellationToken.None);

        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 5, 6], steps.Seen);
        Assert.All(["seed-3", "seed-4"], run => Assert.True(File.Exists(_folder.File("run", run, "results.json"))));
        Assert.True(process.Serves(_folder.File("run"), 1, "cpu"));
        Assert.False(process.Serves(_folder.File("run"), 2, "cpu"));
        Assert.False(process.Serves(_folder.File("other"), 1, "cpu"));
    }

    [Fact]
    public void Do_Cancelled_TheProcessEnds()
    {
        using var process = Start();

        Assert.Throws<OperationCanceledException>(() => process.Do(new MemberOrder(0, StopAfter: null), new Steps(), new CancellationToken(canceled: true)));

        Assert.False(process.Serves(_folder.File("run"), 1, "cpu"));
    }

    [Fact]
    public void Do_WhatIsNotThere_SaysWhatIsWrongAndEnds()
    {
        using var process = Start();

        var exception = Assert.Throws<InputException>(() => process.Do(new MemberOrder(7, StopAfter: null), new Steps(), CancellationToken.None));

        Assert.EndsWith("has no run 7; it has 2.", exception.Message, StringComparison.Ordinal);
        Assert.False(process.Serves(_folder.File("run"), 1, "cpu"));
        Assert.Throws<InvalidOperationException>(() => process.Do(new MemberOrder(0, StopAfter: null), new Steps(), CancellationToken.None));
    }

    [Fact]
    public void Run_AfterAFailure_GoesOnWithAnotherProcess()
    {
        using var processes = new MemberProcesses();
        void Run(int index) => processes.Run(_folder.File("run"), index, stopAfter: null, threads: 1, "cpu", new Steps(), CancellationToken.None);
        Run(0);

        Assert.Throws<InputException>(() => Run(7));
        Run(1);

        Assert.All(["seed-3", "seed-4"], run => Assert.True(File.Exists(_folder.File("run", run, "results.json"))));
    }

    private MemberProcess Start() => MemberProcess.Start(_folder.File("run"), threads: 1, "cpu");

    private sealed class Steps : IRunObserver
    {
        public List<int> Seen { get; } = [];

        public void OnStep(StepReport report, int totalSteps) => Seen.Add(report.Step);

        public void OnEvaluation(int step, IReadOnlyDictionary<string, double> metrics)
        {
        }

        public void OnWarning(string message) => Assert.Fail(message);
    }
}
