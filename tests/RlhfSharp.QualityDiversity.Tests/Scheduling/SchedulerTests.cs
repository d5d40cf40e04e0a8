using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Emitters;
using RlhfSharp.QualityDiversity.Scheduling;

namespace RlhfSharp.QualityDiversity.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void AskAndTell_OutOfTurn_SayWhatToDo()
    {
        var scheduler = new Scheduler<int>(Archive(), [Counter()]);
        Assert.Contains("Ask first", Assert.Throws<InvalidOperationException>(() => scheduler.Tell([], new double[0, 1])).Message, StringComparison.Ordinal);
        Assert.Equal([0, 1], scheduler.Ask());
        Assert.Contains("twice in a row", Assert.Throws<InvalidOperationException>(() => scheduler.Ask()).Message, StringComparison.Ordinal);
        // A wrong shape tells nothing: the batch still waits.
        Assert.Throws<ArgumentException>(() => scheduler.Tell([1], new double[1, 1]));
        Assert.Throws<ArgumentException>(() => scheduler.Tell([1, 2], new double[2, 2]));
        Assert.Equal(1, scheduler.InFlight);
        Assert.Equal([AddStatus.New, AddStatus.New], scheduler.Tell([1, 2], new double[,] { { 0 }, { 1 } }).Select(result => result.Status));
        Assert.Equal([2, 3], scheduler.Ask());
    }

    [Fact]
    public void Ask_SlowEmitter_NamesTheOtherMethod()
    {
        var scheduler = new Scheduler<int>(Archive(), [new ProposeEmitter<int, int>(1, _ => 0, async (_, _) => { await Task.Yield(); return await new TaskCompletionSource<int>().Task; })]);
        Assert.Contains("AskAsync", Assert.Throws<InvalidOperationException>(() => scheduler.Ask()).Message, StringComparison.Ordinal);
        Assert.Contains("before the solutions", Assert.Throws<InvalidOperationException>(() => scheduler.Tell([1], new double[1, 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_EvaluatedSolutions_ReplaceTheAskedOnes()
    {
        var archive = new GridArchive<(int Number, string Note)>([NumericAxis.Uniform("x", 0, 4, 4)]);
        var emitter = new ProposeEmitter<(int, string), long>(2, number => number, (plan, _) => Task.FromResult(((int)plan, "")));
        var scheduler = new Scheduler<(int Number, string Note)>(archive, [emitter]);
        var asked = scheduler.Ask();
        scheduler.Tell([1, 2], new double[,] { { 0 }, { 1 } }, [.. asked.Select(one => one with { Note = $"seen {one.Number}" })]);
        Assert.Equal(["seen 0", "seen 1"], archive.Select(elite => elite.Solution.Note));
    }

    [Fact]
    public void Tell_ResultArchive_TakesEverythingToo()
    {
        var (search, result) = (new ProximityArchive<int>(["x"], noveltyThreshold: 100), Archive());
        var scheduler = new Scheduler<int>(search, [Counter()], result);
        scheduler.Ask();
        scheduler.Tell([1, 2], new double[,] { { 0 }, { 3 } });
        Assert.Equal(2, result.Count);
        Assert.Throws<ArgumentException>(() => new Scheduler<int>(search, [Counter()], search));
        Assert.Throws<ArgumentException>(() => new Scheduler<int>(search, [Counter()], new ProximityArchive<int>(["x", "y"], 1)));
        Assert.Throws<ArgumentException>(() => new Scheduler<int>(search, []));
    }

    [Fact]
    public void Ask_EmitterWithoutProposals_IsFine()
    {
        var scheduler = new Scheduler<int>(Archive(), [new Silent(), Counter(), new Silent()]);
        Assert.Equal([0, 1], scheduler.Ask());
        scheduler.Tell([1, 2], new double[,] { { 0 }, { 3 } });
        Assert.Equal(0, scheduler.InFlight);
    }

    private static GridArchive<int> Archive() => new([NumericAxis.Uniform("x", 0, 4, 4)]);

    private static ProposeEmitter<int, long> Counter() => new(2, number => number, (plan, _) => Task.FromResult((int)plan));

    private sealed class Silent : IEmitter<int>
    {
        public Task<IReadOnlyList<int>> AskAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<int>>([]);
    }
}
