using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Rollouts;

[NoTensorLeak]
public sealed class OnPolicyTaskTests
{
    public static TheoryData<string> Kinds => ["ppo", "rloo", "grpo", "rest", "rest-dpo"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_FirstUpdateOfARound_RatioIsOneAndAnySplitGivesTheSameGradients(string kind)
    {
        using var run = new Run();
        using var scope = NewDisposeScope();
        using var task = run.Task(kind);
        task.Prepare(1, CancellationToken.None);
        int[] all = [.. Enumerable.Range(0, task.RowLengths.Count).Where(row => task.LossWeight(row) > 0)];

        var (wholeLoss, whole) = Gradients(task, [all]);
        var (splitLoss, split) = Gradients(task, [all[2..], all[..1], all[1..2]]);

        Assert.Equal(wholeLoss, splitLoss, 1e-4 * Math.Max(1, Math.Abs(wholeLoss)));
        Assert.All(whole.Zip(split), pair => Assert.InRange((pair.First - pair.Second).abs().max().ToDouble(), 0, 1e-5 * Math.Max(1, pair.First.abs().max().ToDouble())));
        Assert.Contains(whole, gradient => gradient.abs().max().ToDouble() > 1e-6);
        if (task is PpoTask)
        {
            Assert.Equal(1, task.Forward(all, CPU).Metrics.Entries.Single(entry => entry.Name == "val/ratio").Values.mean().ToDouble(), 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TakeStep_OneLetterIsRewarded_ItBecomesFrequent(string kind)
    {
        using var run = new Run();
        using var task = run.Task(kind);
        using var loop = new TrainingLoop(task, new LoopOptions { RowsPerStep = 8, LogEvery = 1, MaxSteps = 1000 }, new OptimizerOptions { LearningRate = 3e-3 }, seed: 0);

        var scores = Enumerable.Range(0, 160).Select(_ => loop.TakeStep().Metrics!["objective/scores"]).ToList();

        Assert.True(scores[0] < 0.45, $"{scores[0]}");
        Assert.True(scores[^1] > 0.7, $"{scores[^1]}");
    }

    [Fact]
    public void Prepare_EachRound_TakesOtherPromptsAndOtherNumbers()
    {
        using var run = new Run();
        using var task = run.Task("rloo");
        List<string> Round(int step)
        {
            task.Prepare(step, CancellationToken.None);
            return [.. task.Rollouts.Select(rollout => $"{rollout.Prompt}: {rollout.Text}")];
        }

        var (first, again, second) = (Round(1), Round(1), Round(3));   // 16 samples, 8 a step: a round is two steps

        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
        Assert.Equal(16, first.Count);
        // Eight prompts a round of six there are: all six come before one comes again.
        Assert.Equal(6, first.Select(text => text[..1]).Distinct().Count());
    }

    [Fact]   // as after a crash: the samples that were appended and committed are not drawn again
    public void Prepare_RoundIsOnDisk_IsReadFromThere()
    {
        using var run = new Run();
        using (var task = run.Task("ppo"))
        {
            task.Prepare(1, CancellationToken.None);
            run.Expected = [.. task.Rollouts];
        }
        run.SpoilModel();
        using var resumed = run.Task("ppo");
        resumed.Prepare(1, CancellationToken.None);

        Assert.Equal(run.Expected.Select(rollout => rollout.Text), resumed.Rollouts.Select(rollout => rollout.Text));
        Assert.Equal(run.Expected.SelectMany(rollout => rollout.LogProbs), resumed.Rollouts.SelectMany(rollout => rollout.LogProbs));
        Assert.Equal(run.Expected.SelectMany(rollout => rollout.Values!), resumed.Rollouts.SelectMany(rollout => rollout.Values!));
        Assert.Equal(run.Expected.Select(rollout => rollout.Reward), resumed.Rollouts.Select(rollout => rollout.Reward));
    }

    [Fact]
    public void Prepare_KlTarget_MovesTheWeightFromRoundToRound()
    {
        using var run = new Run();
        using var task = run.Task("ppo", new PpoOptions { PromptsPerRound = 16, MaxNewTokens = 6, UpdateEpochs = 1, KlCoefficient = 0.1, KlTarget = 5, KlHorizon = 160 });
        double Coefficient(int step)
        {
            task.Prepare(step, CancellationToken.None);
            var metrics = new Dictionary<string, double>();
            task.AddHostMetrics(metrics);
            return metrics["objective/kl_coef"];
        }

        Assert.Equal(0.1, Coefficient(1), 1e-12);
        Assert.Equal(0.1 * (1 - 0.2 * 16 / 160), Coefficient(3), 1e-9);   // nothing was learnt, so the divergence is 0, far below its target
        Assert.Equal(0.1 * Math.Pow(1 - 0.2 * 16 / 160, 2), Coefficient(5), 1e-9);
    }

    [Theory]
    [InlineData(double.NaN, "is NaN for sample 0 of prompt")]
    [InlineData(double.PositiveInfinity, "A reward is a finite number")]
    public void Prepare_RewardIsNoNumber_SaysWhich(double score, string expected)
    {
        using var run = new Run { Reward = new LetterReward(_ => score) };
        using var task = run.Task("ppo");

        Assert.Contains(expected, Assert.Throws<InputException>(() => task.Prepare(1, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_RewardGivesTooFew_SaysSo()
    {
        using var run = new Run { Reward = new LetterReward(_ => 1) { Missing = 1 } };
        using var task = run.Task("ppo");

        Assert.Contains("gave 15 scores for 16 samples", Assert.Throws<InputException>(() => task.Prepare(1, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_Cancelled_LeavesNothingBehind()
    {
        using var run = new Run();
        using var task = run.Task("ppo");

        Assert.ThrowsAny<OperationCanceledException>(() => task.Prepare(1, new CancellationToken(canceled: true)));

        Assert.Equal(0, run.Directory.Rollouts.Length);
    }

    private static (double Loss, List<Tensor> Gradients) Gradients(OnPolicyTask task, int[][] batches)
    {
        var loss = 0.0;
        foreach (var rows in batches)
        {
            var sum = task.Forward(rows, CPU).LossSum;
            sum.backward();
            loss += sum.ToDouble();
        }
        var gradients = new List<Tensor>();
        foreach (var (_, parameter) in task.Model.AllParameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null)
            {
                gradients.Add(gradient.clone());
                gradient.zero_();
            }
        }
        return (loss, gradients);
    }

    // Six letters to begin with, and a reward for each 'b' that follows.
    private sealed class Run : IDisposable
    {
        private readonly TemporaryFolder _folder = TestFiles.NewFolder();
        private readonly Tokenizer _tokenizer = TokenizerFactory.FromCharacters("abcdef", endToken: "<end>", padToken: "<pad>");
        private readonly LanguageModel _model;

        public Run()
        {
            var json = System.Text.Json.Nodes.JsonNode.Parse("""{"model_type":"gpt2","n_layer":1,"n_embd":32,"n_head":2,"n_positions":32,"vocab_size":8}""")!.AsObject();
            _model = LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 0, ScalarType.Float32, CPU);
            _model.Add(ValueHead.Create(32, seed: 0, ScalarType.Float32, CPU));
            Directory = RunDirectory.Open(_folder.Path);
        }

        public RunDirectory Directory { get; }

        public IReadOnlyList<Rollout> Expected { get; set; } = [];

        public LetterReward Reward { get; init; } = new(text => text.Length == 0 ? 0 : text.Count(letter => letter == 'b') / (double)text.Length);

        public OnPolicyTask Task(string kind, PpoOptions? ppo = null)
        {
            var sampler = new RolloutSampler(_model, ReferencePolicy.Of(_model), _tokenizer, new WeightedReward([new RewardPart("letters", 1, false, null, Reward)]), [], seed: 3);
            var log = new RolloutLog(Directory.Rollouts);
            List<RolloutPrompt> prompts = [.. "abcdef".Select(letter => new RolloutPrompt($"{letter}", new Passage($"{letter}"), _tokenizer.Encode($"{letter}")))];
            return kind switch
            {
                "ppo" => new PpoTask(_model, prompts, sampler, log, ppo ?? new PpoOptions { PromptsPerRound = 16, MaxNewTokens = 6, UpdateEpochs = 2 }, rowsPerStep: 8, seed: 3),
                "rloo" => new RlooTask(_model, prompts, sampler, log, new RlooOptions { PromptsPerRound = 8, MaxNewTokens = 6 }, rowsPerStep: 8, seed: 3),
                "rest" or "rest-dpo" => new RestTask(
                    _model, prompts, [], sampler, log,
                    new RestOptions { PromptsPerRound = 6, SamplesPerPrompt = 8, MaxNewTokens = 6, Thresholds = [0, 0.5], Loss = kind == "rest" ? RestLoss.Nll : RestLoss.Dpo }, rowsPerStep: 8, seed: 3),
                _ => new GrpoTask(_model, prompts, sampler, log, new GrpoOptions { PromptsPerRound = 4, SamplesPerPrompt = 4, MaxNewTokens = 6, KlCoefficient = 0.01 }, rowsPerStep: 8, seed: 3),
            };
        }

        public void SpoilModel()
        {
            using var noGrad = no_grad();
            foreach (var (_, parameter) in _model.AllParameters)
            {
                parameter.mul_(0.5);
            }
        }

        public void Dispose()
        {
            Directory.Dispose();
            _model.Dispose();
            _folder.Dispose();
        }
    }

    private sealed class LetterReward(Func<string, double> score) : IRolloutReward
    {
        public int Missing { get; init; }

        public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) =>
            [.. samples.SkipLast(Missing).Select(sample => score(sample.Sample.Text))];

        public void Dispose()
        {
        }
    }
}
