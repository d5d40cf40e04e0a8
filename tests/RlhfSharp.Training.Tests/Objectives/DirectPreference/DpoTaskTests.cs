using System.Text.Json;
using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives.DirectPreference;

/// <summary>DPO on a GPT-2 against TRL's own run of it.</summary>
[NoTensorLeak]
public sealed class DpoTaskTests
{
    private const double Tolerance = 1e-4;

    private static JsonElement Golden { get; } =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "models", "dpo_gpt2", "expected.json"))).RootElement;

    [Fact]
    public void Read_PolicyAndReference_EqualPeersLogProbabilities()
    {
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        using var reference = Reference();

        var (ours, theirs) = (PairLogProbs.Read(policy, Pairs(), CancellationToken.None), PairLogProbs.Read(reference, Pairs(), CancellationToken.None));

        Close(Golden.GetProperty("policy_chosen_logps"), ours.Chosen);
        Close(Golden.GetProperty("policy_rejected_logps"), ours.Rejected);
        Close(Golden.GetProperty("ref_chosen_logps"), theirs.Chosen);
        Close(Golden.GetProperty("ref_rejected_logps"), theirs.Rejected);
    }

    [Theory]
    [InlineData(0, DpoLoss.Sigmoid)]
    [InlineData(1, DpoLoss.Sigmoid)]
    [InlineData(2, DpoLoss.Ipo)]
    [InlineData(3, DpoLoss.Hinge)]
    public void Forward_GoldenLoss_EqualsPeersLossAndGradientNorm(int index, DpoLoss type)
    {
        var golden = Golden.GetProperty("losses")[index];
        using var scope = NewDisposeScope();
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        var task = Task(policy, new DpoOptions { LossType = type, Beta = golden.GetProperty("beta").GetDouble(), LabelSmoothing = golden.GetProperty("label_smoothing").GetDouble() });

        var output = task.Forward([0, 1, 2], CPU);
        (output.LossSum / 3).backward();

        Assert.Equal(golden.GetProperty("loss").GetDouble(), output.LossSum.ToDouble() / 3, Tolerance * Math.Max(1, golden.GetProperty("loss").GetDouble()));
        Assert.Equal(1, GradientNorm(policy) / golden.GetProperty("policy_grad_global_norm").GetDouble(), 1e-3);
        if (type != DpoLoss.Ipo)   // this version of TRL divides IPO's rewards by lengths too
        {
            foreach (var (name, values, _) in output.Metrics.Entries.Where(entry => entry.Name != "loss"))
            {
                Assert.Equal(golden.GetProperty("metrics").GetProperty(name).GetDouble(), values.mean().ToDouble(), Tolerance);
            }
        }
    }

    [Fact]
    public void TakeStep_FourSteps_LossesEqualPeers()
    {
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        using var loop = new TrainingLoop(
            Task(policy, new DpoOptions()),
            new LoopOptions { RowsPerStep = 3, LogEvery = 1 },
            new OptimizerOptions { LearningRate = 1e-3, WeightDecay = 0, MaxGradNorm = 0, Beta2 = 0.999 },
            seed: 0);

        var losses = Enumerable.Range(0, 4).Select(_ => loop.TakeStep().Metrics!["loss"]).ToList();

        var expected = Golden.GetProperty("train_losses_sigmoid_adamw_lr1e-3_wd0").EnumerateArray().Select(value => value.GetDouble()).ToList();
        Assert.All(expected.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void Forward_AnySplitOfTheRows_SameGradients()
    {
        using var scope = NewDisposeScope();
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        var task = Task(policy, new DpoOptions { SftCoefficient = 0.5 });

        task.Forward([0, 1, 2], CPU).LossSum.backward();
        var whole = GradientNorm(policy, clear: true);
        task.Forward([2], CPU).LossSum.backward();
        task.Forward([1, 0], CPU).LossSum.backward();

        Assert.Equal(1, GradientNorm(policy) / whole, 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_PromptThatBothSidesShare_SameLossAndGradientsAsEachSideByItself(bool isCheckpointed)
    {
        using var scope = NewDisposeScope();
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        policy.GradientCheckpointing = isCheckpointed;
        var pairs = LongPairs();
        var reference = new PairLogProbs([-30, -31, -32], [-33, -30, -35]);
        var task = new DpoTask(policy, pairs, reference, new DpoOptions { SftCoefficient = 0.5 });
        int[] apart = [.. pairs.Select(pair => pair.Chosen.Tokens.Length + pair.Rejected.Tokens.Length)];
        Assert.Equal([apart[0] - 12, apart[1] - 14, apart[2]], task.RowLengths);   // of the second, two answer tokens too; the third's prompt is too short to be worth it

        var output = task.Forward([0, 1, 2], CPU);
        output.LossSum.backward();
        var shared = policy.Parameters.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.grad!.clone());
        foreach (var (_, parameter) in policy.Parameters.Tensors)
        {
            parameter.grad!.zero_();
        }
        var batch = DialogueBatch.Collate([.. pairs.Select(pair => pair.Chosen), .. pairs.Select(pair => pair.Rejected)], CPU);
        var sums = AnswerLogProbs.Sums(policy, batch).view(2, 3);
        Tensor Lengths(Func<TokenizedPair, TokenizedDialogue> side) => tensor(pairs.Select(pair => (float)side(pair).AnswerLength).ToArray());
        var expected = Dpo.Loss(
            sums[0], sums[1], tensor(reference.Chosen.ToArray()), tensor(reference.Rejected.ToArray()), Lengths(pair => pair.Chosen), Lengths(pair => pair.Rejected), new DpoOptions { SftCoefficient = 0.5 });
        expected.LossSum.backward();

        Assert.Equal(expected.LossSum.ToDouble(), output.LossSum.ToDouble(), 1e-5 * expected.LossSum.ToDouble());
        // Relative to the largest gradient of all: key biases have none but rounding.
        var largest = policy.Parameters.Tensors.Max(pair => pair.Value.grad!.abs().max().ToDouble());
        Assert.All(policy.Parameters.Tensors, pair => Assert.InRange((pair.Value.grad! - shared[pair.Key]).abs().max().ToDouble(), 0, 1e-5 * largest));
    }

    [Fact]
    public void New_ReferenceNotGiven_IsTheModelAsItStarts()
    {
        using var scope = NewDisposeScope();
        using var policy = ModelFixture.Named("gpt2").LoadModel();

        var output = new DpoTask(policy, Pairs(), new DpoOptions()).Forward([0, 1, 2], CPU);

        Assert.Equal(3 * Math.Log(2), output.LossSum.ToDouble(), 1e-5);   // no difference to the reference yet
    }

    [Fact]
    public void New_ReferenceKept_IsNotComputedAgain()
    {
        using var scope = NewDisposeScope();
        using var folder = TestFiles.NewFolder();
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        var store = new ContentStore(folder.Path);
        var first = new DpoTask(policy, Pairs(), new DpoOptions(), store);
        var file = Assert.Single(Directory.GetFiles(folder.Path));

        var second = new DpoTask(policy, Pairs(), new DpoOptions(), store);
        Assert.Equal(first.Forward([0, 1, 2], CPU).LossSum.ToDouble(), second.Forward([0, 1, 2], CPU).LossSum.ToDouble());
        Assert.Equal(first.OtherCompute, second.OtherCompute);   // compute is what the method takes, not what is left to do

        File.WriteAllText(file, "[[0, 0, 0], [1000, 1000, 1000]]");   // only one that reads the file finds this
        Assert.True(new DpoTask(policy, Pairs(), new DpoOptions(), store).Forward([0, 1, 2], CPU).LossSum.ToDouble() < 1e-3);
        _ = new DpoTask(policy, [.. Pairs().Take(2)], new DpoOptions(), store);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    private static DpoTask Task(LanguageModel policy, DpoOptions options)
    {
        using var reference = Reference();
        return new DpoTask(policy, Pairs(), PairLogProbs.Read(reference, Pairs(), CancellationToken.None), options);
    }

    // As the fixture describes it.
    private static LanguageModel Reference()
    {
        var model = ModelFixture.Named("gpt2").LoadModel();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (var layer = 0; layer < 2; layer++)
        {
            model.Parameters[$"transformer.h.{layer}.attn.c_proj.bias"].add_(0.05);
            model.Parameters[$"transformer.h.{layer}.mlp.c_proj.weight"].mul_(0.9);
        }
        return model;
    }

    // Prompts of 12, 12 and 2 tokens; the second pair's answers begin alike.
    private static List<TokenizedPair> LongPairs()
    {
        TokenizedDialogue Dialogue(int promptLength, params int[] answer) => new()
        {
            Source = new RowSource("test", 1),
            Id = "test",
            Group = "test",
            Tokens = [.. Enumerable.Range(1, promptLength), .. answer],
            IsAnswer = [.. Enumerable.Repeat(false, promptLength), .. Enumerable.Repeat(true, answer.Length)],
        };
        return
        [
            new TokenizedPair(Dialogue(12, 20, 21, 22), Dialogue(12, 23)),
            new TokenizedPair(Dialogue(12, 20, 21, 22), Dialogue(12, 20, 21, 25, 26)),
            new TokenizedPair(Dialogue(2, 20, 21, 22, 23), Dialogue(2, 24, 25, 26, 27)),
        ];
    }

    private static List<TokenizedPair> Pairs() => [.. Golden.GetProperty("examples").EnumerateArray().Select((example, index) =>
        new TokenizedPair(Dialogue(example, "chosen_input_ids", index), Dialogue(example, "rejected_input_ids", index)))];

    private static TokenizedDialogue Dialogue(JsonElement example, string answer, int index)
    {
        int[] Ids(string name) => [.. example.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
        var (prompt, completion) = (Ids("prompt_input_ids"), Ids(answer));
        return new TokenizedDialogue
        {
            Id = $"{index}/{answer}",
            Group = $"{index}",
            Source = new RowSource("fixture", index + 1),
            Tokens = [.. prompt, .. completion],
            IsAnswer = [.. prompt.Select(_ => false), .. completion.Select(_ => true)],
        };
    }

    private static double GradientNorm(LanguageModel model, bool clear = false)
    {
        var sum = 0.0;
        foreach (var (_, parameter) in model.Parameters.Tensors)
        {
            using var gradient = parameter.grad;
            sum += gradient is null ? 0 : gradient.square().sum().ToDouble();
            if (clear)
            {
                gradient?.zero_();
            }
        }
        return Math.Sqrt(sum);
    }

    private static void Close(JsonElement expected, IReadOnlyList<float> actual) =>
        Assert.All(expected.EnumerateArray().Select(value => value.GetDouble()).Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
}
