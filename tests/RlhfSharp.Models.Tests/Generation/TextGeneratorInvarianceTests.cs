using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>What a sample is depends on its prompt and its number, not on what is computed beside it.</summary>
[NoTensorLeak]
public sealed class TextGeneratorInvarianceTests
{
    private const int Seed = 5;
    private const int SamplesPerPrompt = 3;
    private const double LogProbTolerance = 1e-4;
    private const double BorderTolerance = 1e-5;
    private static readonly GenerationOptions Options = new() { MaxNewTokens = 20 };

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Generate_GreedyRaggedPrompts_EqualsLoopWithoutCache(string name)
    {
        using var model = TestModels.Load(name);
        var prompts = TestModels.Prompts(7, longest: 12);

        foreach (var samplesPerPrompt in new[] { 1, 3 })
        {
            var samples = new TextGenerator(model, []).Generate(prompts, samplesPerPrompt, Options with { Temperature = 0 }, Seed);

            Assert.All(samples, sample => Assert.Equal(NaiveGenerator.Greedy(model, prompts[sample.Prompt], 20), sample.Tokens));
        }
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Generate_AnyBatchSize_SamplesTheSame(string name)
    {
        using var model = TestModels.Load(name);
        var prompts = TestModels.Prompts(6, longest: 20);
        // Token 7 ends a sample, so rows leave the batch at different times.
        var generator = new TextGenerator(model, [7, 11, 23]);
        var together = generator.Generate(prompts, SamplesPerPrompt, Options, Seed);

        foreach (var batchSize in new[] { 1, 2, 5, 7 })
        {
            AssertSame(model, prompts, together, generator.Generate(prompts, SamplesPerPrompt, Options with { BatchSize = batchSize }, Seed));
        }
        Assert.Contains(together, sample => sample.Finish == FinishReason.Stop && sample.Tokens.Count < 10);
        Assert.Contains(together, sample => sample.Finish == FinishReason.Length);
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Generate_EachPromptAlone_SamplesTheSame(string name)
    {
        using var model = TestModels.Load(name);
        var prompts = TestModels.Prompts(5, longest: 20);
        var generator = new TextGenerator(model, [7, 11, 23]);
        var together = generator.Generate(prompts, SamplesPerPrompt, Options, Seed);

        // From last to first: neither order nor the padding that longer neighbours bring may matter.
        var alone = Enumerable.Range(0, prompts.Count).Reverse()
            .SelectMany(index => generator.Generate([prompts[index]], SamplesPerPrompt, Options, Seed, firstPrompt: index))
            .OrderBy(sample => sample.Prompt)
            .ThenBy(sample => sample.Sample);

        AssertSame(model, prompts, together, [.. alone]);
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Generate_AnyTokenBudget_SamplesTheSame(string name)
    {
        using var model = TestModels.Load(name);
        var prompts = TestModels.Prompts(6, longest: 30);
        var generator = new TextGenerator(model, [7, 11, 23]);

        foreach (var samplesPerPrompt in new[] { 1, SamplesPerPrompt })
        {
            var together = generator.Generate(prompts, samplesPerPrompt, Options, Seed);
            foreach (var budget in new[] { 1, 60, 130 })   // one sample at a time, about two, about five
            {
                AssertSame(model, prompts, together, generator.Generate(prompts, samplesPerPrompt, Options with { TokenBudget = budget }, Seed));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Generate_VeryDifferentLengths_LogProbsAreThoseOfAForwardPassWithoutCache(string name)
    {
        using var model = TestModels.Load(name);
        // Rows enter beside others of any age, and prompts of any length; one leaves room for 4 new tokens in a context of 64.
        List<int[]> prompts = [.. new[] { 1, 60, 2, 33, 17, 16 }.Select((length, index) => TestModels.Prompt(length, index))];
        var options = Options with { MaxNewTokens = 40, BatchSize = 3 };

        foreach (var samplesPerPrompt in new[] { 1, 2 })
        {
            var samples = new TextGenerator(model, [.. Enumerable.Range(0, 6)]).Generate(prompts, samplesPerPrompt, options, Seed);

            AssertLogProbs(model, prompts, samples);
            Assert.True(samples.Max(sample => sample.Tokens.Count) >= 5 * samples.Min(sample => sample.Tokens.Count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Generate_WhileSamplesWait_TheBatchIsFullAndNothingIsComputedForFinishedOnes(int samplesPerPrompt)
    {
        const int BatchSize = 4;
        using var model = TestModels.Load("gpt2");
        var prompts = TestModels.Prompts(8, longest: 20);
        var rows = new RowCounter();

        var samples = new TextGenerator(model, [.. Enumerable.Range(0, 8)])
            .Generate(prompts, samplesPerPrompt, Options with { BatchSize = BatchSize }, Seed, [rows]);

        Assert.Equal(samples.Sum(sample => sample.Tokens.Count), rows.Counts.Sum());
        Assert.Equal(rows.Counts.OrderDescending(), rows.Counts);   // full to the last sample, then fewer and fewer
        Assert.Equal(BatchSize, rows.Counts[0]);
        Assert.True(rows.Counts.Count(count => count == BatchSize) > rows.Counts.Count / 2);
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Generate_LogProbs_AreThoseOfAForwardPassWithoutCache(string name)
    {
        using var model = TestModels.Load(name);
        var prompts = TestModels.Prompts(4, longest: 15);

        // The last row is alone in a batch, and a sample of its prompt is in the other.
        AssertLogProbs(model, prompts, new TextGenerator(model, []).Generate(prompts, 2, Options with { BatchSize = 7 }, Seed));
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Generate_RowsFinishUnevenly_LogProbsStayThoseOfAForwardPassWithoutCache(string name)
    {
        using var model = TestModels.Load(name);
        var prompts = TestModels.Prompts(9, longest: 15);

        var samples = new TextGenerator(model, [.. Enumerable.Range(0, 16)]).Generate(prompts, 5, Options, Seed);

        AssertLogProbs(model, prompts, samples);
        // The case is worth its name: at some token one prompt has lost all its rows, and the others have different numbers left.
        int RowsLeft(int prompt, int token) => samples.Count(sample => sample.Prompt == prompt && sample.Tokens.Count > token);
        Assert.Contains(
            Enumerable.Range(1, Options.MaxNewTokens).Select(token => prompts.Select((_, prompt) => RowsLeft(prompt, token)).Distinct().ToList()),
            counts => counts.Contains(0) && counts.Count >= 3);
    }

    [Fact]
    public void Generate_OrderOfSamples_IsByPromptThenSample()
    {
        using var model = TestModels.Load("gpt2");

        var samples = new TextGenerator(model, [])
            .Generate(TestModels.Prompts(3, 4), 2, Options with { MaxNewTokens = 1, BatchSize = 4 }, Seed, firstPrompt: 10);

        Assert.Equal([(10, 0), (10, 1), (11, 0), (11, 1), (12, 0), (12, 1)], samples.Select(sample => (sample.Prompt, sample.Sample)));
    }

    private static void AssertLogProbs(LanguageModel model, List<int[]> prompts, IReadOnlyList<GeneratedSample> samples)
    {
        foreach (var sample in samples)
        {
            for (var t = 0; t < sample.Tokens.Count; t++)
            {
                var expected = NaiveGenerator.NextLogProbs(model, prompts[sample.Prompt].Concat(sample.Tokens.Take(t)))[sample.Tokens[t]];
                Assert.Equal(expected, sample.LogProbs[t], LogProbTolerance);
                Assert.Equal(expected, sample.SamplingLogProbs[t], LogProbTolerance);   // nothing but the model decides
            }
        }
    }

    private static void AssertSame(
        LanguageModel model, List<int[]> prompts, IReadOnlyList<GeneratedSample> expected, IReadOnlyList<GeneratedSample> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal((one.Prompt, one.Sample), (other.Prompt, other.Sample));
            var same = one.Tokens.Zip(other.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
            for (var t = 0; t < same; t++)
            {
                Assert.Equal(one.LogProbs[t], other.LogProbs[t], LogProbTolerance);
            }
            if (same < Math.Max(one.Tokens.Count, other.Tokens.Count))
            {
                AssertDrawIsAtBorder(model, prompts[one.Prompt], one, same);
            }
            else
            {
                Assert.Equal(one.Finish, other.Finish);
            }
        }
    }

    private static void AssertDrawIsAtBorder(LanguageModel model, int[] prompt, GeneratedSample sample, int token)
    {
        var draw = NamedRandom.Uniform(Seed, sample.Prompt, sample.Sample, token);
        var cumulative = 0.0;
        var distance = double.PositiveInfinity;
        foreach (var logProb in NaiveGenerator.NextLogProbs(model, prompt.Concat(sample.Tokens.Take(token))))
        {
            cumulative += Math.Exp(logProb);
            distance = Math.Min(distance, Math.Abs(draw - cumulative));
        }
        Assert.True(distance <= BorderTolerance,
            $"prompt {sample.Prompt}, sample {sample.Sample} differs at token {token}, {distance} from the nearest border");
    }

    private sealed class RowCounter : ILogitsProcessor
    {
        public List<long> Counts { get; } = [];

        public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens)
        {
            Counts.Add(scores.size(0));
            return scores;
        }
    }
}
