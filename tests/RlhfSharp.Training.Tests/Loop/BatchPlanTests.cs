using CsCheck;
using RlhfSharp.Training.Loop;

namespace RlhfSharp.Training.Tests.Loop;

public sealed class BatchPlanTests
{
    private static readonly Gen<(int[] Lengths, LoopOptions Options, int Seed)> Plans = Gen.Select(
        Gen.Int[1, 40].Array[1, 60], Gen.Int[1, 12], Gen.Int[1, 120], Gen.Enum<RowOrder>(), Gen.Int[0, 1000],
        (lengths, rows, tokens, order, seed) =>
            (lengths, new LoopOptions { RowsPerStep = rows, TokensPerMicroBatch = tokens, Order = order, MaxSteps = 1_000_000 }, seed));

    [Fact]
    public void MicroBatches_EachPass_TakesEachRowOnce() => Plans.Sample(
        t =>
        {
            var plan = new BatchPlan(t.Lengths, t.Options, t.Seed);
            for (var pass = 0; pass < 3; pass++)
            {
                var rows = Steps(plan, pass).SelectMany(step => plan.MicroBatches(step)).SelectMany(batch => batch);
                Assert.Equal(Enumerable.Range(0, t.Lengths.Length), rows.Order());
            }
        },
        iter: 200);

    [Fact]
    public void MicroBatches_EachStep_KeepsItsSizeAndItsBudget() => Plans.Sample(
        t =>
        {
            var plan = new BatchPlan(t.Lengths, t.Options, t.Seed);
            var sizes = new List<int>();
            foreach (var step in Steps(plan, pass: 0))
            {
                var batches = plan.MicroBatches(step);
                sizes.Add(batches.Sum(batch => batch.Length));
                Assert.All(batches, batch => Assert.True(batch.Length == 1 || batch.Sum(row => t.Lengths[row]) <= t.Options.TokensPerMicroBatch));
                var lengths = batches.SelectMany(batch => batch).Select(row => t.Lengths[row]).ToList();
                Assert.Equal(lengths.Order(), lengths);
            }
            // Full steps, and one with the rest.
            var rest = t.Lengths.Length % t.Options.RowsPerStep;
            Assert.Equal(rest == 0 ? 0 : 1, sizes.Count(size => size != t.Options.RowsPerStep));
            Assert.True(rest == 0 || sizes.Contains(rest));
        },
        iter: 200);

    [Fact]
    public void MicroBatches_Groups_StayTogetherWhereThereIsRoom() => Gen.Select(Plans, Gen.Int[2, 5], Gen.Int[1, 6]).Sample(
        (t, rowsPerGroup, groupsPerStep) =>
        {
            var lengths = t.Lengths.SelectMany(length => Enumerable.Repeat(length, rowsPerGroup)).ToArray();
            var plan = new BatchPlan(lengths, t.Options with { RowsPerStep = rowsPerGroup * groupsPerStep }, t.Seed, rowsPerGroup);
            var seen = new List<int>();
            foreach (var step in Steps(plan, pass: 1))
            {
                foreach (var batch in plan.MicroBatches(step))
                {
                    seen.AddRange(batch);
                    Assert.True(batch.Length == 1 || batch.Sum(row => lengths[row]) <= t.Options.TokensPerMicroBatch);
                    Assert.All(batch.GroupBy(row => row / rowsPerGroup), group => Assert.True(
                        group.Count() == rowsPerGroup || lengths[group.First()] * rowsPerGroup > t.Options.TokensPerMicroBatch));
                }
            }
            Assert.Equal(Enumerable.Range(0, lengths.Length), seen.Order());
        },
        iter: 200);

    [Fact]
    public void MicroBatches_SameSeed_IsTheSamePlanFromAnyStepOn() => Plans.Sample(
        t =>
        {
            var (forwards, backwards) = (new BatchPlan(t.Lengths, t.Options, t.Seed), new BatchPlan(t.Lengths, t.Options, t.Seed));
            var steps = Enumerable.Range(1, 3 * forwards.StepsPerEpoch).ToList();
            var expected = steps.ConvertAll(forwards.MicroBatches);
            foreach (var step in steps.AsEnumerable().Reverse())   // what a resumed run sees: it never asked for the steps before
            {
                Assert.Equal(expected[step - 1], backwards.MicroBatches(step));
            }
        },
        iter: 100);

    [Fact]
    public void MicroBatches_OtherSeedOrPass_IsAnotherOrder()
    {
        var lengths = Enumerable.Repeat(5, 100).ToArray();
        var options = new LoopOptions { RowsPerStep = 10 };
        var plan = new BatchPlan(lengths, options, seed: 1);
        List<int> Pass(BatchPlan from, int pass) => [.. Steps(from, pass).SelectMany(step => from.MicroBatches(step)).SelectMany(batch => batch)];

        Assert.NotEqual(Pass(plan, 0), Pass(plan, 1));
        Assert.NotEqual(Pass(plan, 0), Pass(new BatchPlan(lengths, options, seed: 2), 0));
        Assert.NotEqual(Enumerable.Range(0, 100), Pass(plan, 0));
    }

    // 200 rows of lengths 1 to 200 in steps of 10: in buckets a step spans 9 tokens, without them nearly all.
    [Fact]
    public void MicroBatches_LengthBuckets_PutLikeLengthsTogetherInRandomOrder()
    {
        var lengths = Enumerable.Range(1, 200).ToArray();
        List<(int Shortest, int Longest)> Spans(RowOrder order)
        {
            var plan = new BatchPlan(lengths, new LoopOptions { RowsPerStep = 10, Order = order }, seed: 1);
            return [.. Steps(plan, 0).Select(step => plan.MicroBatches(step).SelectMany(batch => batch).Select(row => lengths[row]).ToList())
                .Select(step => (step.Min(), step.Max()))];
        }

        Assert.All(Spans(RowOrder.LengthBuckets), span => Assert.Equal(9, span.Longest - span.Shortest));
        Assert.All(Spans(RowOrder.Shuffled), span => Assert.True(span.Longest - span.Shortest > 60));
        Assert.NotEqual(Spans(RowOrder.LengthBuckets).Order(), Spans(RowOrder.LengthBuckets));
    }

    [Fact]   // a curriculum: the rows of one step are known, their order inside it is by length
    public void MicroBatches_AsGiven_TakesTheRowsInTheirOrder()
    {
        var plan = new BatchPlan([.. Enumerable.Range(0, 25).Reverse()], new LoopOptions { RowsPerStep = 10, Order = RowOrder.AsGiven }, seed: 1);

        foreach (var (i, step) in Steps(plan, pass: 1).Index())
        {
            Assert.Equal(Enumerable.Range(10 * i, i == 2 ? 5 : 10), plan.MicroBatches(step).SelectMany(batch => batch).Order());
        }
    }

    [Theory]
    [InlineData(10, 3, 4)]
    [InlineData(9, 3, 3)]
    [InlineData(2, 3, 1)]
    public void EndsPass_LastStepOfAPass_IsTrue(int rows, int rowsPerStep, int stepsPerPass)
    {
        var plan = new BatchPlan(Enumerable.Repeat(1, rows).ToArray(), new LoopOptions { RowsPerStep = rowsPerStep }, seed: 0);
        Assert.Equal(stepsPerPass, plan.StepsPerEpoch);
        Assert.Equal([stepsPerPass, 2 * stepsPerPass, 3 * stepsPerPass], Enumerable.Range(1, 3 * stepsPerPass).Where(plan.EndsPass));
    }

    [Theory]
    [InlineData(1000, 0, 1000)]
    [InlineData(1000, 3, 12)]
    [InlineData(5, 3, 5)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]   // and no overflow
    public void TotalSteps_StepsOrPasses_WhicheverComesFirst(int maxSteps, int epochs, int expected) =>
        Assert.Equal(
            expected, new BatchPlan([.. Enumerable.Repeat(1, 10)], new LoopOptions { RowsPerStep = 3, MaxSteps = maxSteps, Epochs = epochs },
                0).TotalSteps);

    private static IEnumerable<int> Steps(BatchPlan plan, int pass) => Enumerable.Range(pass * plan.StepsPerEpoch + 1, plan.StepsPerEpoch);
}
