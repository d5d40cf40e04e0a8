using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Training.Tests.Loop;

[NoTensorLeak]
public sealed class ComputeBudgetTests
{
    [Fact]
    public void TakeStep_TokenTrainedOn_CountsThree()
    {
        using var model = TinyModels.Create();
        using var loop = Loop(new SupervisedFineTuningTask(model, TinyModels.Dialogues(10)), budget: 0);

        var tokens = loop.TakeStep().Tokens + loop.TakeStep().Tokens;

        Assert.Equal(3.0 * tokens, loop.Compute);
        Assert.Equal(1000, loop.TotalSteps);
    }

    [Fact]
    public void TakeStep_ModelWithHeads_CountsTheirParameters()
    {
        using var model = TinyModels.CreateWithIlqlHeads();
        using var loop = Loop(new IlqlTask(model, TinyModels.Dialogues(10), new IlqlOptions()), budget: 0);

        var tokens = loop.TakeStep().Tokens;

        var all = model.AllParameters.Sum(parameter => parameter.Value.numel());
        Assert.True(all > model.ParameterCount);
        Assert.Equal(3.0 * tokens * all / model.ParameterCount, loop.Compute, 1e-6);
    }

    [Fact]   // the first step that uses the budget up is the last, and by then the learning rate has fallen
    public void TotalSteps_BudgetIsUsedUp_IsTheStepThatUsedIt()
    {
        var dialogues = TinyModels.Dialogues(12);
        var pass = 3.0 * dialogues.Sum(dialogue => dialogue.Tokens.Length);
        using var model = TinyModels.Create();
        using var loop = Loop(new SupervisedFineTuningTask(model, dialogues), budget: 2.5 * pass);
        var rates = new List<double>();

        while (loop.Step < loop.TotalSteps)
        {
            rates.Add(loop.TakeStep().Metrics!["learning_rate"]);
        }

        Assert.InRange(loop.Step, 7, 9);   // a pass is three steps
        Assert.InRange(loop.Compute, 2.5 * pass, 2.5 * pass + pass / 2);
        Assert.Equal(loop.Step, loop.ExpectedSteps);
        Assert.Equal(1, rates[0], 1e-12);
        Assert.Equal(rates.OrderDescending(), rates);
        Assert.InRange(rates[^1], 0, 0.25);
    }

    [Fact]
    public void TotalSteps_ResumedWithWhatWasUsed_IsTheSame()
    {
        var dialogues = TinyModels.Dialogues(12);
        using var model = TinyModels.Create();
        using var whole = Loop(new SupervisedFineTuningTask(model, dialogues), budget: 500);
        while (whole.Step < whole.TotalSteps)
        {
            whole.TakeStep();
        }
        using var resumed = Loop(new SupervisedFineTuningTask(model, dialogues), budget: 500);

        (resumed.Step, resumed.TrainingCompute) = (whole.Step, whole.TrainingCompute);

        Assert.Equal(whole.TotalSteps, resumed.TotalSteps);
    }

    [Fact]
    public void OtherCompute_Dpo_IsOnePassOfTheReferenceOverAllPairs()
    {
        var dialogues = TinyModels.Dialogues(6);
        using var model = TinyModels.Create();
        var pairs = dialogues.Chunk(2).Select(pair => new TokenizedPair(pair[0], pair[1])).ToList();

        var task = new DpoTask(model, pairs, new DpoOptions());

        Assert.Equal(dialogues.Sum(dialogue => dialogue.Tokens.Length), task.OtherCompute);
        Assert.Equal(0, new DpoTask(model, pairs, new PairLogProbs([0, 0, 0], [0, 0, 0]), new DpoOptions()).OtherCompute);
    }

    [Fact]   // reads the answers and the mismatched ones once, and the mismatched ones of each step again
    public void OtherCompute_Kto_GrowsWithEachStepAndIsRestored()
    {
        var dialogues = TinyModels.Dialogues(6);
        using var model = TinyModels.Create();
        using var loop = Loop(new KtoTask(model, dialogues, new KtoOptions()), budget: 0);
        var atStart = loop.Compute;

        var tokens = loop.TakeStep().Tokens;

        Assert.True(atStart > dialogues.Sum(dialogue => dialogue.Tokens.Length));
        Assert.True(loop.Compute > atStart + 3 * tokens);
        var task = new KtoTask(model, dialogues, new KtoOptions());
        task.RestoreCounters(new Dictionary<string, double> { ["other_compute"] = 12345 });
        Assert.Equal(12345, task.OtherCompute);
    }

    [Fact]
    public void Constructor_ReferenceAloneUsesTheBudgetUp_SaysSo()
    {
        var dialogues = TinyModels.Dialogues(6);
        using var model = TinyModels.Create();
        var task = new DpoTask(model, [.. dialogues.Chunk(2).Select(pair => new TokenizedPair(pair[0], pair[1]))], new DpoOptions());

        var exception = Assert.Throws<InputException>(() => Loop(task, budget: 5).Dispose());

        Assert.StartsWith("loop.computeBudget is 5, and ", exception.Message, StringComparison.Ordinal);
    }

    private static TrainingLoop Loop(ITrainingTask task, double budget) => new(
        task,
        new LoopOptions { RowsPerStep = 4, LogEvery = 1, ComputeBudget = budget },
        new OptimizerOptions { LearningRate = 1, Schedule = LearningRateSchedule.Linear },
        seed: 0);
}
