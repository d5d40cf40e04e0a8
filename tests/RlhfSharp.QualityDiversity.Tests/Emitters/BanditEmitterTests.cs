using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Emitters;
using RlhfSharp.QualityDiversity.Scheduling;

namespace RlhfSharp.QualityDiversity.Tests.Emitters;

public sealed class BanditEmitterTests
{
    [Fact]
    public void Ask_OneEmitterSucceeds_IsAskedMostButOthersAreNotForgotten()
    {
        var archive = new ProximityArchive<int>(["x"], noveltyThreshold: 0.5, neighbours: 1);
        var next = 0;
        // Emitter 1 makes a new place each time; the others always repeat the first.
        IEmitter<int>[] emitters = [Constant(), new ProposeEmitter<int, int>(2, _ => ++next, (plan, _) => Task.FromResult(plan)), Constant()];
        var bandit = new BanditEmitter<int>(emitters, zeta: 0.2);
        var scheduler = new Scheduler<int>(archive, [bandit]);
        for (var batch = 0; batch < 100; batch++)
        {
            var solutions = scheduler.Ask();
            var measures = new double[solutions.Count, 1];
            foreach (var (row, solution) in solutions.Index())
            {
                measures[row, 0] = solution;
            }
            scheduler.Tell([.. solutions.Select(_ => 1.0)], measures);
        }
        Assert.Equal(100, bandit.AskCounts.Sum());
        Assert.True(bandit.AskCounts[1] > 80);
        Assert.All(bandit.AskCounts, count => Assert.True(count >= 1));
    }

    [Fact]
    public async Task Ask_SeveralActive_EachHearsOfItsOwn()
    {
        var (first, second) = (new Listener(1), new Listener(3));
        var bandit = new BanditEmitter<int>([first, second], active: 2);
        var solutions = await bandit.AskAsync(default);
        Assert.Equal([1, 3, 3, 3], solutions);
        IEmitter<int> emitter = bandit;
        emitter.Tell(new(solutions, [10, 20, 30, 40], new double[4, 1], [.. solutions.Select(_ => new AddResult(AddStatus.New, 0, 1))]));
        Assert.Equal([10], first.Heard);
        Assert.Equal([20, 30, 40], second.Heard);
    }

    [Fact]
    public void New_BadPools_AreRefused()
    {
        var emitter = Constant();
        Assert.Contains("more than once", Assert.Throws<ArgumentException>(() => new BanditEmitter<int>([emitter, emitter])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BanditEmitter<int>([emitter], active: 2));
    }

    private static ProposeEmitter<int, int> Constant() => new(2, _ => 0, (plan, _) => Task.FromResult(plan));

    private sealed class Listener(int count) : IEmitter<int>
    {
        public List<double> Heard { get; } = [];

        public Task<IReadOnlyList<int>> AskAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<int>>([.. Enumerable.Repeat(count, count)]);

        public void Tell(EvaluatedBatch<int> batch) => Heard.AddRange(batch.Objectives);
    }
}
