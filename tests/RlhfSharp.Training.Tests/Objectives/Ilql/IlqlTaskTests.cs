using System.Text.Json;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives;

/// <summary>Model, heads, optimiser and steering together against trlX's own code: fixture ilql_gpt2.</summary>
[NoTensorLeak]
public sealed class IlqlTaskTests
{
    private static readonly JsonElement Golden = GoldenSamples.Open("models", "ilql_gpt2", "expected.json");

    [Theory]
    [InlineData(16384)]
    [InlineData(1)]   // one dialogue per forward pass: the gradient is that of the whole step
    public void TakeStep_ThreeSteps_EqualTrlx(int tokensPerMicroBatch)
    {
        using var model = Model();
        var method = Golden.GetProperty("method");
        var options = new IlqlOptions { Alpha = method.GetProperty("alpha").GetDouble(), Beta = method.GetProperty("beta").GetDouble(), StepsForTargetQSync = 1 };
        // The fixture's rewards are already what trlX made of the raw ones.
        var rewards = Golden.GetProperty("batch").GetProperty("rewards").EnumerateArray().Select(row => GoldenSamples.Doubles(row).Sum()).ToList();
        var task = new IlqlTask(model, GoldenSamples.Dialogues(Golden.GetProperty("samples"), rewards), options);
        using var loop = new TrainingLoop(
            task,
            new LoopOptions { RowsPerStep = 3, MaxSteps = 3, LogEvery = 1, TokensPerMicroBatch = tokensPerMicroBatch },
            new OptimizerOptions { LearningRate = 1e-3, WeightDecay = 1e-2, Decay = WeightDecayScope.All, MaxGradNorm = 0 },
            seed: 0);

        foreach (var expected in Golden.GetProperty("steps_step_then_sync").EnumerateArray())
        {
            var metrics = loop.TakeStep().Metrics!;

            Assert.Equal(1, metrics["grad_norm"] / expected.GetProperty("grad_global_norm").GetDouble(), 1e-3);
            foreach (var stat in expected.GetProperty("stats").EnumerateObject())
            {
                Assert.True(Math.Abs(stat.Value.GetDouble() - metrics[stat.Name]) <= 1e-4 * Math.Max(1, Math.Abs(stat.Value.GetDouble())), $"step {loop.Step}, {stat.Name}: {metrics[stat.Name]}");
            }
        }
        Assert.Equal(3, task.SaveCounters()["syncs"]);
    }

    [Fact]
    public void Process_Beta1_EqualsTrlxScores()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Model();
        var golden = Golden.GetProperty("beta_policy_scores_last");
        var rows = golden.GetProperty("input_ids").EnumerateArray().Select(GoldenSamples.Integers).ToList();
        var hidden = model.HiddenStates(rows);
        var last = hidden.index_select(0, tensor(rows.Select((row, i) => (long)rows.Take(i + 1).Sum(r => r.Length) - 1).ToArray()));

        var scores = new IlqlSteering(model.Head<IlqlHeads>()!, golden.GetProperty("beta").GetDouble()).Process(model.Logits(last), last, last);

        var expected = golden.GetProperty("log_softmax_plus_beta_adv").EnumerateArray().SelectMany(GoldenSamples.Doubles);
        Assert.All(expected.Zip(scores.data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Generate_GreedyAtEveryBeta_EqualsTrlx()
    {
        using var model = Model();
        var runs = Golden.GetProperty("generate").EnumerateArray().Where(run => run.GetProperty("temperature").GetDouble() == 0).ToList();
        Assert.NotEmpty(runs);
        foreach (var run in runs)
        {
            var padding = run.GetProperty("pad_token_id").GetInt32();
            var padded = run.GetProperty("input_ids").EnumerateArray().Select(GoldenSamples.Integers).ToList();
            var prompts = padded.ConvertAll(row => row.SkipWhile(id => id == padding).ToArray());   // padded on the left
            var expected = run.GetProperty("samples").EnumerateArray().Select(GoldenSamples.Integers).ToList();
            var end = run.GetProperty("eos_token_id").GetInt32();

            var samples = new TextGenerator(model, [end]).Generate(
                prompts,
                1,
                new GenerationOptions { Temperature = 0, TopK = run.GetProperty("top_k").GetInt32(), MaxNewTokens = expected[0].Length - padded[0].Length },
                seed: 0,
                [new IlqlSteering(model.Head<IlqlHeads>()!, run.GetProperty("beta").GetDouble())]);

            // trlX goes on with the end token after a row's end.
            Assert.All(expected.Zip(samples), pair => Assert.Equal(
                pair.First[padded[0].Length..],
                pair.Second.Tokens.Concat(Enumerable.Repeat(end, pair.First.Length - padded[0].Length - pair.Second.Tokens.Count))));
        }
    }

    private static LanguageModel Model()
    {
        using var folder = TestFiles.NewFolder();
        var fixtures = Path.Combine(TestFiles.Fixtures, "models");
        foreach (var file in new[] { ConfigFile.FileName, Checkpoint.WeightsFileName })
        {
            File.Copy(Path.Combine(fixtures, "gpt2", file), folder.File(file));
        }
        File.Copy(Path.Combine(fixtures, "ilql_gpt2", IlqlHeads.HeadsFileName), folder.File(IlqlHeads.HeadsFileName));
        return Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);
    }
}
