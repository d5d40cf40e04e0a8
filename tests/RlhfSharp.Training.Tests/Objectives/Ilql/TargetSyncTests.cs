using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Tests.Loop;

namespace RlhfSharp.Training.Tests.Objectives;

/// <summary>When the targets of Q move. Twelve steps, four to a pass over the data.</summary>
[NoTensorLeak]
public sealed class TargetSyncTests
{
    private const int Steps = 12;

    [Theory]
    [InlineData(TargetSync.PerStep, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)]
    [InlineData(TargetSync.PerStep, 5, 5, 10)]
    [InlineData(TargetSync.PerStep, 4, 4, 8, 12)]   // the last step too
    [InlineData(TargetSync.PerPass, 1, 4, 8, 12)]
    [InlineData(TargetSync.PerPass, 2, 4, 8, 12)]
    [InlineData(TargetSync.PerPass, 6, 12)]
    [InlineData(TargetSync.PerPass, 5)]             // trlX's settings: asked at 4, 8 and 12, due at 5 and 10
    [InlineData(TargetSync.Never, 1)]
    public void TakeStep_TwelveSteps_SynchronizesAt(TargetSync sync, int every, params int[] expected)
    {
        using var model = TinyModels.CreateWithIlqlHeads();
        var task = new IlqlTask(model, TinyModels.Dialogues(8), new IlqlOptions { TargetSync = sync, StepsForTargetQSync = every, Alpha = 1 });
        using var loop = Loop(task);

        var reports = Enumerable.Range(0, Steps).Select(_ => loop.TakeStep()).ToList();

        // With α = 1 the targets are Q right after a synchronisation, and only then.
        Assert.Equal(expected, reports.Where(report => report.Metrics!["target/distance"] == 0).Select(report => report.Step));
        Assert.All(reports, report => Assert.Equal(expected.Count(step => step <= report.Step), report.Metrics!["target/syncs"]));
        Assert.Equal(expected.Length == 0, task.TargetIsDead);
        Assert.Equal(expected.Length, task.SaveCounters()["syncs"]);
    }

    [Fact]
    public void TargetIsDead_AlphaZero_IsTrueHoweverOftenItIsAsked()
    {
        using var model = TinyModels.CreateWithIlqlHeads();
        var task = new IlqlTask(model, TinyModels.Dialogues(8), new IlqlOptions { StepsForTargetQSync = 1, Alpha = 0 });
        using var loop = Loop(task);
        loop.TakeStep();
        Assert.True(task.TargetIsDead);
    }

    [Fact]
    public void RestoreCounters_SavedOnes_GoOnCounting()
    {
        using var model = TinyModels.CreateWithIlqlHeads();
        var task = new IlqlTask(model, TinyModels.Dialogues(8), new IlqlOptions { StepsForTargetQSync = 1 });
        task.RestoreCounters(new Dictionary<string, double> { ["syncs"] = 7 });
        using var loop = Loop(task);
        Assert.Equal(8, loop.TakeStep().Metrics!["target/syncs"]);
        Assert.False(task.TargetIsDead);
    }

    [Fact]
    public void IlqlTask_WrongModelOrRows_SaysWhatIsMissing()
    {
        using var plain = TinyModels.Create();
        using var oneQ = TinyModels.CreateWithIlqlHeads(twoQs: false);
        var rows = TinyModels.Dialogues(2);
        Assert.Equal("ILQL needs a model with ILQL heads.", Error(() => new IlqlTask(plain, rows, new IlqlOptions())));
        Assert.Equal("The checkpoint has 1 Q heads; objective.twoQs is true.", Error(() => new IlqlTask(oneQ, rows, new IlqlOptions())));
        rows[1] = rows[1] with { Rewards = null };
        Assert.Equal(
            "made-up:2: the row has no reward. ILQL learns from rewarded rows or from preference pairs.",
            Error(() => new IlqlTask(oneQ, rows, new IlqlOptions { TwoQs = false })));
    }

    private static TrainingLoop Loop(IlqlTask task) =>
        new(task, new LoopOptions { RowsPerStep = 2, LogEvery = 1, MaxSteps = Steps }, new OptimizerOptions { LearningRate = 1e-2 }, seed: 0);

    private static string Error(Func<object> create) => Assert.Throws<InputException>(create).Message;
}
