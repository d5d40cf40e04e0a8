using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

[NoTensorLeak]
public sealed class TextGeneratorTests
{
    private static readonly GenerationOptions Options = new() { MaxNewTokens = 6 };

    // With the draws keyed by sample, 4,000 samples of one prompt are 4,000 independent draws. 127 cells, of which rare ones are pooled;
    // mean plus 3.3 standard deviations of chi-square is passed once in a thousand seeds, and this seed is fixed.
    [Fact]
    public void Generate_ManySamples_FrequenciesFollowTheModel()
    {
        const int Samples = 4000;
        using var model = TestModels.Load("gpt2");

        var samples = new TextGenerator(model, [])
            .Generate([[3, 14, 15]], Samples, new GenerationOptions { MaxNewTokens = 1, BatchSize = Samples }, seed: 9);

        var expected = NaiveGenerator.NextLogProbs(model, [3, 14, 15]).Select(logProb => Samples * Math.Exp(logProb)).ToArray();
        var counts = samples.CountBy(sample => sample.Tokens[0]).ToDictionary();
        var cells = expected.Select((mean, token) => (mean, count: counts.GetValueOrDefault(token))).ToList();
        var common = cells.Where(cell => cell.mean >= 10).ToList();
        var rare = cells.Except(common).ToList();
        common.Add((rare.Sum(cell => cell.mean), rare.Sum(cell => cell.count)));
        var chiSquare = common.Sum(cell => Math.Pow(cell.count - cell.mean, 2) / cell.mean);
        var freedom = common.Count - 1;
        Assert.InRange(freedom, 5, 127);
        Assert.InRange(chiSquare, 0.3 * freedom, freedom + 3.3 * Math.Sqrt(2 * freedom));
    }

    [Fact]
    public void Generate_SameSeed_SamplesTheSameAndAnotherSeedOthers()
    {
        using var model = TestModels.Load("llama");
        var generator = new TextGenerator(model, []);
        List<int> Tokens(long seed) => [.. generator.Generate([[1, 2]], 4, Options, seed).SelectMany(sample => sample.Tokens)];

        Assert.Equal(Tokens(1), Tokens(1));
        Assert.NotEqual(Tokens(1), Tokens(2));
    }

    [Fact]
    public void Generate_SamplingLogProbs_AreThoseOfTheCutAndHeatedDistribution()
    {
        using var model = TestModels.Load("gpt2");

        var samples = new TextGenerator(model, []).Generate([[5, 6]], 30, Options with { Temperature = 0.7, TopK = 4, MaxNewTokens = 1 }, seed: 0);

        var logProbs = NaiveGenerator.NextLogProbs(model, [5, 6]);
        var best = logProbs.Index().OrderByDescending(token => token.Item).Take(4).ToList();
        var total = best.Sum(token => Math.Exp(token.Item / 0.7));
        Assert.All(samples, sample =>
        {
            var token = sample.Tokens[0];
            Assert.Contains(token, best.Select(row => row.Index));
            Assert.Equal(logProbs[token], sample.LogProbs[0], 1e-4);
            Assert.Equal(logProbs[token] / 0.7 - Math.Log(total), sample.SamplingLogProbs[0], 1e-4);
        });
    }

    [Fact]
    public void Generate_TemperatureZero_IsGreedyWhateverTheSeedAndDrawnWithCertainty()
    {
        using var model = TestModels.Load("llama");
        var generator = new TextGenerator(model, []);

        var samples = generator.Generate([[1, 2, 3]], 2, Options with { Temperature = 0 }, seed: 1);
        var again = generator.Generate([[1, 2, 3]], 1, Options with { Temperature = 0 }, seed: 2);

        Assert.All(samples, sample => Assert.Equal(again[0].Tokens, sample.Tokens));
        Assert.All(samples.SelectMany(sample => sample.SamplingLogProbs), logProb => Assert.Equal(0, logProb));
        Assert.All(samples.SelectMany(sample => sample.LogProbs), logProb => Assert.True(logProb < 0));
    }

    [Theory]
    [InlineData("gpt2", 64)]
    [InlineData("llama", 128)]
    public void Generate_ContextEnds_RowsEndAtIt(string name, int context)
    {
        using var model = TestModels.Load(name);
        int[] nearlyFull = [.. Enumerable.Range(0, context - 3)];

        var samples = new TextGenerator(model, []).Generate([nearlyFull, [1]], 1, new GenerationOptions { MaxNewTokens = 1000 }, seed: 0);

        Assert.Equal([3, context - 1], samples.Select(sample => sample.Tokens.Count));
        Assert.All(samples, sample => Assert.Equal(FinishReason.Length, sample.Finish));
        // A row that ended early must not have disturbed the other.
        var last = NaiveGenerator.NextLogProbs(model, samples[1].Tokens.Prepend(1).SkipLast(1));
        Assert.Equal(last[samples[1].Tokens[^1]], samples[1].LogProbs[^1], 1e-4);
    }

    [Fact]
    public void Generate_Processors_GetTheLastHiddenStateAndToken()
    {
        using var model = TestModels.Load("gpt2");
        var dictation = new Dictation(9, 8, 7);

        var samples = new TextGenerator(model, []).Generate([[1, 2, 3], [4]], 1, Options with { MaxNewTokens = 3 }, seed: 0, [dictation]);

        Assert.Equal([[3L, 4], [9, 9], [8, 8]], dictation.LastTokens);
        Assert.All(dictation.HiddenShapes, shape => Assert.Equal([2, 32], shape));
        Assert.All(samples, sample => Assert.Equal([9, 8, 7], sample.Tokens));
        Assert.Equal(NaiveGenerator.NextLogProbs(model, [4, 9])[8], samples[1].LogProbs[1], 1e-4);   // the model's own, whatever a processor says
        Assert.Equal(0, samples[1].SamplingLogProbs[1], 1e-6);
    }

    [Fact]
    public void Generate_Cancelled_ThrowsAndFreesItsMemory()
    {
        using var model = TestModels.Load("gpt2");
        using var source = new CancellationTokenSource();
        var processor = new CancelAtCall(3, source);

        Assert.Throws<OperationCanceledException>(() =>
            new TextGenerator(model, [])
                .Generate([[1]], 2, Options with { MaxNewTokens = 30 }, seed: 0, [processor], cancellationToken: source.Token));

        Assert.Equal(3, processor.Calls);   // looked at before each token
    }

    [Fact]
    public void Generate_NoPrompts_GivesNoSamples()
    {
        using var model = TestModels.Load("gpt2");
        Assert.Empty(new TextGenerator(model, []).Generate([], 3, Options, seed: 0));
    }

    [Theory]
    [InlineData(0, 1, "Prompt 11 is empty. A prompt needs at least one token, a beginning-of-sequence token for instance.")]
    [InlineData(64, 1, "Prompt 11 has 64 tokens; the model's context of 64 leaves no room for an answer.")]
    [InlineData(2, 128, "Prompt 11 holds a token id outside the model's vocabulary of 128.")]
    [InlineData(2, -1, "Prompt 11 holds a token id outside the model's vocabulary of 128.")]
    public void Generate_BadPrompt_IsNamed(int length, int id, string message)
    {
        using var model = TestModels.Load("gpt2");
        var exception = Assert.Throws<InputException>(() =>
            new TextGenerator(model, []).Generate([[1], [.. Enumerable.Repeat(id, length)]], 1, Options, seed: 0, firstPrompt: 10));
        Assert.Equal(message, exception.Message);
    }

    [Theory]
    [InlineData("", "A stop string is empty")]
    [InlineData("x", "need a tokenizer")]
    public void Generate_UselessStopString_IsRefused(string stop, string message)
    {
        using var model = TestModels.Load("gpt2");
        var exception = Assert.Throws<InputException>(() => new TextGenerator(model, [])
            .Generate([[1]], 1, Options with { StopStrings = [stop] }, seed: 0));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Generate_WeightsThatAreNoNumbers_AreNamed(double temperature)
    {
        using var model = TestModels.Load("llama");
        using (NewDisposeScope())
        using (no_grad())
        {
            model.Parameters["model.norm.weight"].fill_(float.NaN);
        }
        var exception = Assert.Throws<InputException>(() => new TextGenerator(model, [])
            .Generate([[1]], 1, Options with { Temperature = temperature }, seed: 0));
        Assert.StartsWith("Prompt 0: the model's scores are not finite numbers.", exception.Message, StringComparison.Ordinal);
    }

    private sealed class CancelAtCall(int call, CancellationTokenSource source) : ILogitsProcessor
    {
        public int Calls { get; private set; }

        public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens)
        {
            if (++Calls == call)
            {
                source.Cancel();
            }
            return scores;
        }
    }
}
