using CsCheck;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Emitters;
using RlhfSharp.QualityDiversity.Scheduling;

namespace RlhfSharp.QualityDiversity.Tests.Scheduling;

public sealed class PipelineTests
{
    // Work ends in any order; plans and commits must be as if it did not.
    [Fact]
    public void Run_WorkEndsInAnyOrder_PlansSeeExactlyTheCommitsUpToTheDepth() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[1, 5], Gen.Int[0, 3].Array[12]).Sample((units, depth, delays) =>
        {
            var (planned, committed) = (new List<(int Unit, int Committed)>(), new List<int>());
            Pipeline.RunAsync(
                units,
                depth,
                unit =>
                {
                    planned.Add((unit, committed.Count));
                    return unit * 10;
                },
                async (unit, plan, _) =>
                {
                    for (var i = 0; i < delays[unit]; i++)
                    {
                        await Task.Yield();
                    }
                    return plan + 1;
                },
                (unit, plan, result) =>
                {
                    Assert.Equal((unit * 10, unit * 10 + 1), (plan, result));
                    committed.Add(unit);
                }).GetAwaiter().GetResult();
            Assert.Equal(Enumerable.Range(0, units), committed);
            Assert.Equal(Enumerable.Range(0, units).Select(unit => (unit, Math.Max(0, unit - depth + 1))), planned);
        }, threads: 1);

    [Fact]
    public async Task Run_OneUnitFails_OthersAreStoppedAndEarlierOnesStay()
    {
        var committed = new List<int>();
        var stopped = new TaskCompletionSource();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Pipeline.RunAsync(
            5,
            3,
            unit => unit,
            async (unit, _, stop) =>
            {
                if (unit == 1)
                {
                    throw new InvalidOperationException();
                }
                if (unit > 1)
                {
                    stop.Register(() => stopped.TrySetResult());
                    await stopped.Task;
                    stop.ThrowIfCancellationRequested();
                }
                return unit;
            },
            (unit, _, _) => committed.Add(unit)));
        Assert.Equal([0], committed);
        Assert.True(stopped.Task.IsCompleted);
    }

    [Fact]
    public async Task Run_Cancelled_EndsBetweenUnits()
    {
        using var source = new CancellationTokenSource();
        var committed = new List<int>();
        await Assert.ThrowsAsync<OperationCanceledException>(() => Pipeline.RunAsync(
            10, 2, unit => unit, (unit, _, _) => Task.FromResult(unit), (unit, _, _) =>
            {
                committed.Add(unit);
                if (unit == 3)
                {
                    source.Cancel();
                }
            }, source.Token));
        Assert.Equal([0, 1, 2, 3], committed);
    }

    [Fact]
    public async Task Run_Scheduler_SlowOrFastEvaluationsGiveTheSameArchive()
    {
        var fast = await Illuminate(delay: _ => Task.CompletedTask);
        var (batch, gates) = (0, new[] { new TaskCompletionSource(), new TaskCompletionSource() });
        // Every even batch waits for the odd one behind it.
        var slow = await Illuminate(async _ =>
        {
            var number = batch++;
            if (number % 2 == 0 && number < 8)
            {
                gates[number / 2 % 2] = new TaskCompletionSource();
                await gates[number / 2 % 2].Task;
            }
            else
            {
                gates[number / 2 % 2].TrySetResult();
            }
        });
        Assert.Equal(fast, slow);
    }

    private static async Task<List<(int, double)>> Illuminate(Func<int, Task> delay)
    {
        var archive = new GridArchive<double[]>([NumericAxis.Uniform("x", -1, 1, 5), NumericAxis.Uniform("y", -1, 1, 5)]);
        var emitter = new GaussianEmitter<double[]>(archive, VectorGenome.Instance, 0.4, new VariationOptions { Start = [0, 0], BatchSize = 5, Seed = 1 });
        var scheduler = new Scheduler<double[]>(archive, [emitter], pipelineDepth: 2);
        await Pipeline.RunAsync(scheduler, 9, async (solutions, _) =>
        {
            await delay(0);
            var measures = new double[solutions.Count, 2];
            foreach (var (row, solution) in solutions.Index())
            {
                (measures[row, 0], measures[row, 1]) = (solution[0], solution[1]);
            }
            return new Evaluation<double[]>([.. solutions.Select(solution => -solution.Sum(number => number * number))], measures);
        });
        return [.. archive.Select(elite => (elite.Cell, elite.Objective))];
    }
}
