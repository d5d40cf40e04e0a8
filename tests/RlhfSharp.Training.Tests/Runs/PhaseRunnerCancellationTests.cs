using System.Text.Json.Nodes;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Training.Tests.Runs;

public sealed class PhaseRunnerCancellationTests
{
    [Fact]
    public void Run_CancelledInsideAUnit_CommitsTheUnitsBeforeItAndGoesOnThere()
    {
        using var folder = TestFiles.NewFolder();
        using var source = new CancellationTokenSource();
        CountingPhase first;
        using (var directory = RunDirectory.Open(folder.Path))
        {
            first = new CountingPhase(directory.Events, cancelIn: 3, source);
            Assert.Throws<OperationCanceledException>(() => new PhaseRunner(directory, [() => first]).Run(source.Token));
        }
        Assert.Equal([0, 1, 2, 3], first.Begun);
        Assert.Equal([3], first.Committed);

        CountingPhase second;
        using (var directory = RunDirectory.Open(folder.Path))
        {
            second = new CountingPhase(directory.Events);
            new PhaseRunner(directory, [() => second]).Run(CancellationToken.None);
        }
        Assert.Equal([3, 4, 5], second.Begun);
        Assert.Equal([6], second.Committed);
        Assert.Equal("0\n1\n2\n3\n4\n5\n", File.ReadAllText(folder.File("events.jsonl")));
    }

    [Fact]
    public void Run_ResumedAfterACommit_TidiesUpWhatTheKilledProcessDidNot()
    {
        using var folder = TestFiles.NewFolder();
        new RunProgress(Phase: 0, Unit: 6, new JsonObject(), new Dictionary<string, long>()).Write(folder.Path);
        using var directory = RunDirectory.Open(folder.Path);
        var phase = new CountingPhase(directory.Events);
        new PhaseRunner(directory, [() => phase]).Run(CancellationToken.None);
        Assert.Empty(phase.Begun);
        Assert.Empty(phase.Committed);
        Assert.Equal(1, phase.TidiedUp);
    }

    private sealed class CountingPhase(AppendLog log, int cancelIn = -1, CancellationTokenSource? source = null) : Phase
    {
        public List<int> Begun { get; } = [];

        public List<int> Committed { get; } = [];

        public int TidiedUp { get; private set; }

        public override string Name => "count";

        public override int UnitCount => 6;

        public override void Open(JsonObject? state)
        {
        }

        public override void RunUnit(int unit, CancellationToken cancellationToken)
        {
            Begun.Add(unit);
            if (unit == cancelIn)
            {
                source!.Cancel();
            }
            cancellationToken.ThrowIfCancellationRequested();
            log.Append($"{unit}");
        }

        public override bool CommitsAfter(int unit) => false;

        public override JsonObject Commit(int nextUnit)
        {
            Committed.Add(nextUnit);
            return [];
        }

        public override void AfterCommit() => TidiedUp++;

        public override void Dispose()
        {
        }
    }
}
