using CsCheck;
using RlhfSharp.Models.Generation;

namespace RlhfSharp.Models.Tests.Generation;

public sealed class AdmissionQueueTests
{
    private static readonly GenerationOptions Options = new() { BatchSize = 3, TokenBudget = 100 };

    [Fact]
    public void Admit_EnoughTokens_LetsInAsManyAsTheBatchHolds() =>
        Assert.Equal(["0.0", "0.1", "1.0"], Names(new AdmissionQueue(Rows((10, 2, 5), (10, 2, 5)), Options).Admit()));

    // A prompt of 50 and two samples of 20 make 90; with the next prompt it would be more than 100.
    [Fact]
    public void Admit_TokensOfAPrompt_CountOnce() =>
        Assert.Equal(["0.0", "0.1"], Names(new AdmissionQueue(Rows((50, 2, 20), (10, 1, 5)), Options).Admit()));

    [Fact]
    public void Admit_SampleLargerThanTheBudget_GrowsAlone()
    {
        var queue = new AdmissionQueue(Rows((10, 1, 200), (1, 1, 1)), Options);

        var first = queue.Admit();

        Assert.Equal(["0.0"], Names(first));
        Assert.Empty(queue.Admit());
        queue.Release(first[0]);
        Assert.Equal(["1.0"], Names(queue.Admit()));
    }

    [Fact]
    public void Admit_ManyLongPrompts_ReadsSomeAtATime()
    {
        var queue = new AdmissionQueue(Rows((5000, 1, 1), (3000, 1, 1), (1000, 1, 1)), new GenerationOptions());

        Assert.Equal(["0.0", "1.0"], Names(queue.Admit()));
        Assert.Equal(["2.0"], Names(queue.Admit()));
    }

    [Fact]
    public void Release_LastSample_GivesThePromptBackToo()
    {
        var queue = new AdmissionQueue(Rows((60, 2, 20), (70, 1, 30)), Options);
        var rows = queue.Admit();

        Assert.False(queue.Release(rows[0]));
        Assert.Empty(queue.Admit());   // 60 + 20 are taken
        Assert.True(queue.Release(rows[1]));
        Assert.Equal(["1.0"], Names(queue.Admit()));
    }

    [Fact]
    public void Admit_AnyRowsAndAnyOrderOfEnds_KeepsToTheLimitsAndForgetsNobody() =>
        (from prompts in Gen.Select(Gen.Int[1, 60], Gen.Int[1, 4], Gen.Int[1, 60]).Array[1, 12]
         from batchSize in Gen.Int[1, 6]
         from budget in Gen.Int[1, 150]
         from order in Gen.Int[0, 1000].Array[60]
         select (prompts, batchSize, budget, order))
        .Sample(t =>
        {
            var rows = Rows(t.prompts);
            var queue = new AdmissionQueue(rows, new GenerationOptions { BatchSize = t.batchSize, TokenBudget = t.budget });
            var (growing, seen) = (new List<GenerationRow>(), new List<GenerationRow>());
            for (var round = 0; seen.Count < rows.Count || growing.Count > 0; round++)
            {
                var entering = queue.Admit();
                growing.AddRange(entering);
                seen.AddRange(entering);
                Assert.InRange(growing.Count, 1, t.batchSize);
                var tokens = growing.Sum(row => row.MaxNewTokens) + growing.Select(row => row.Prompt).Distinct().Sum(prompt => prompt.Tokens.Count);
                Assert.True(tokens <= t.budget || growing.Count == 1);
                var leaving = growing[t.order[round % t.order.Length] % growing.Count];
                growing.Remove(leaving);
                queue.Release(leaving);
            }
            Assert.Equal(rows, seen);
        });

    private static IReadOnlyList<GenerationRow> Rows(params (int Length, int Samples, int MaxNewTokens)[] prompts) =>
        [.. prompts.Index().SelectMany(prompt =>
        {
            var shared = new GenerationPrompt(prompt.Index, new int[prompt.Item.Length], prompt.Item.Samples);
            return Enumerable.Range(0, prompt.Item.Samples).Select(sample => new GenerationRow(shared, sample, prompt.Item.MaxNewTokens));
        })];

    private static IEnumerable<string> Names(IEnumerable<GenerationRow> rows) => rows.Select(row => $"{row.Prompt.Index}.{row.SampleIndex}");
}
