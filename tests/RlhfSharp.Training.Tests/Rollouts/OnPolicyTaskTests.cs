using System.Text;
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
    private const int StepsPerRound = 12;   // 48 samples, 8 a step, two passes

    private static readonly RestOptions Rest = new() { PromptsPerRound = 6, SamplesPerPrompt = 8, MaxNewTokens = 6, Thresholds = [0.3, 0.6] };

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
    public void Forward_SamplesShareALongPrompt_CostsLessAndGivesTheGradientsOfEachAlone(string kind)
    {
        using var run = new Run { Before = "abcdefabcdef" };
        using var scope = NewDisposeScope();
        using var task = run.Task(kind, kind == "ppo" ? new PpoOptions { PromptsPerRound = 8, SamplesPerPrompt = 4, MaxNewTokens = 6 } : null);
        task.Prepare(1, CancellationToken.None);
        int[] all = [.. Enumerable.Range(0, task.RowLengths.Count).Where(row => task.LossWeight(row) > 0)];
        int[][] alone = [.. all.Select(row => new[] { row })];

        var (togetherLoss, together) = Gradients(task, [all]);
        var (aloneLoss, each) = Gradients(task, alone);

        Assert.Equal(aloneLoss, togetherLoss, 1e-4 * Math.Max(1, Math.Abs(aloneLoss)));
        Assert.All(each.Zip(together), pair => Assert.InRange((pair.First - pair.Second).abs().max().ToDouble(), 0, 1e-5 * Math.Max(1, pair.First.abs().max().ToDouble())));
        Assert.Equal(kind == "rest-dpo", task.Tokens(all) == alone.Sum(task.Tokens));   // a pair is a row and shares its prompt anyway
        if (task is PpoTask)   // what was measured together is what each is alone
        {
            Assert.All(alone, row => Assert.Equal(1, task.Forward(row, CPU).Metrics.Entries.Single(entry => entry.Name == "val/ratio").Values.mean().ToDouble(), 1e-5));
        }
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("abcdefabcdef", 4)]
    public void RowsPerGroup_SamplesOfAPrompt_StayTogetherOnlyWhereThatSaves(string before, int expected)
    {
        using var run = new Run { Before = before };
        using var task = run.Task("grpo");
        Assert.Equal(expected, task.RowsPerGroup);
    }

    [Fact]   // what every sample is compared with, and what ranks them, need not be read twice
    public void Prepare_RestRanksByRewardAlone_OnlyTheFirstSampleOfAPromptIsShownToTheReference()
    {
        using var run = new Run();
        using (var task = run.Task("rest"))
        {
            task.Prepare(1, CancellationToken.None);

            Assert.All(task.Rollouts, rollout => Assert.Equal(rollout.Sample == 0, rollout.ReferenceLogProbs is not null));
            Assert.All(task.Rollouts, rollout => Assert.Equal(rollout.Tokens.Length, rollout.LogProbs.Length));
            Assert.All(task.Rollouts.Where(rollout => rollout.Sample == 0), rollout => Assert.Equal(0, rollout.LogRatio(), 1e-4));
        }
        using var penalized = run.Task("rest", Rest with { KlCoefficient = 0.1 });
        run.Directory.Rollouts.CutTo(0);
        penalized.Prepare(1, CancellationToken.None);
        Assert.All(penalized.Rollouts, rollout => Assert.Equal(rollout.Tokens.Length, rollout.ReferenceLogProbs!.Length));
    }

    [Theory]   // a pair's loss is log 2 where policy and reference are one
    [InlineData(RestReference.Sampler, true)]
    [InlineData(RestReference.Start, false)]
    public void Forward_PolicyHasLeftTheStart_PairsAreMeasuredAgainstTheReferenceAskedFor(RestReference reference, bool isLogTwo)
    {
        using var run = new Run();
        using var scope = NewDisposeScope();
        using var task = run.Task("rest", Rest with { Loss = RestLoss.Dpo, Thresholds = [0.1, 0.5], Reference = reference });
        run.SpoilModel();
        task.Prepare(1, CancellationToken.None);
        int[] pairs = [.. Enumerable.Range(0, task.RowLengths.Count).Where(row => task.LossWeight(row) > 0)];

        Assert.NotEmpty(pairs);
        Assert.Equal(isLogTwo, Math.Abs(task.Forward(pairs, CPU).LossSum.ToDouble() / pairs.Length - Math.Log(2)) < 1e-4);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TakeStep_OneLetterIsRewarded_ItBecomesFrequent(string kind)
    {
        using var run = new Run();
        using var task = run.Task(kind);
        using var loop = Loop(task);

        var scores = Enumerable.Range(0, 160).Select(_ => loop.TakeStep().Metrics!["objective/scores"]).ToList();

        Assert.True(scores[0] < 0.45, $"{scores[0]}");
        Assert.True(scores[^1] > 0.7, $"{scores[^1]}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TakeStep_GradientCheckpointing_WeightsAreThoseWithoutIt(string kind)
    {
        float[] Train(bool isCheckpointed)
        {
            using var run = new Run();
            using var task = run.Task(kind);
            using var loop = new TrainingLoop(task, new LoopOptions { RowsPerStep = 8, GradientCheckpointing = isCheckpointed }, new OptimizerOptions { LearningRate = 1e-3 }, seed: 0);
            loop.TakeStep();
            loop.TakeStep();
            return run.Weights();
        }

        Assert.All(Train(false).Zip(Train(true)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
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

    [Theory]   // as after a crash while a round is drawn, or before it is committed: what was drawn is not drawn again
    [InlineData(0, 48)]
    [InlineData(1, 0)]   // a part that is not whole does not count
    public void Prepare_RoundWasDrawnAndNotCommitted_GoesOnFromWhatThereIs(int torn, int kept)
    {
        using var run = new Run();
        using (var task = run.Task("rest"))
        {
            task.Prepare(1, CancellationToken.None);
            run.Expected = [.. task.Rollouts];
        }
        run.Directory.Rollouts.CutTo(0);
        var lines = run.Directory.Growing.ReadLines();
        Assert.Equal(48, lines.Count);
        run.Directory.Growing.CutTo(lines.SkipLast(torn).Sum(line => Encoding.UTF8.GetByteCount(line) + 1));
        run.SpoilModel();   // it would draw others now
        using var resumed = run.Task("rest");
        resumed.Prepare(1, CancellationToken.None);

        string Key(Rollout rollout) => $"{rollout.Prompt}/{rollout.Sample}: {string.Join(' ', rollout.Tokens)} {string.Join(' ', rollout.LogProbs)} {rollout.Reward}";
        Assert.Equal(kept, run.Expected.Select(Key).Intersect(resumed.Rollouts.Select(Key)).Count());
        Assert.Equal(48, run.Directory.Growing.ReadLines().Count);
    }

    [Fact]   // prompts once, samples once, both again to be measured by policy and reference; a reward without a model costs nothing
    public void OtherCompute_ARound_IsCountedOnceAndNotAgainAfterAResume()
    {
        using var run = new Run();
        using var task = run.Task("ppo");
        task.Prepare(1, CancellationToken.None);
        var (prompts, samples) = (task.Rollouts.DistinctBy(rollout => rollout.Prompt).Count(), task.Rollouts.Sum(rollout => rollout.Tokens.Length));
        var round = prompts + samples + 2.0 * (task.Rollouts.Count + samples);   // each prompt is one letter
        Assert.Equal(round, task.OtherCompute);
        task.Prepare(2, CancellationToken.None);
        Assert.Equal(round, task.OtherCompute);

        using var resumed = run.Task("ppo");
        resumed.RestoreCounters(task.SaveCounters());
        resumed.Prepare(2, CancellationToken.None);
        Assert.Equal(round, resumed.OtherCompute);
        resumed.Prepare(5, CancellationToken.None);   // 16 samples, 8 a step, two passes: the next round
        Assert.True(resumed.OtherCompute > round);
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

    [Fact]   // every sample earns the same: what is left to tell them apart is whether they came to an end
    public void LossWeight_MissingEosPenalty_LeavesOutWhatWasCutOff()
    {
        using var run = new Run { Reward = new LetterReward(_ => 1) };
        using var task = run.Task("rest", Rest with { MissingEosPenalty = 1 });
        task.Prepare(1, CancellationToken.None);

        Assert.Contains(task.Rollouts, rollout => rollout.IsTruncated);
        Assert.Contains(task.Rollouts, rollout => !rollout.IsTruncated);
        Assert.All(task.Rollouts.Index(), rollout => Assert.False(rollout.Item.IsTruncated && task.LossWeight(rollout.Index) > 0));
        Assert.Contains(task.Rollouts.Index(), rollout => task.LossWeight(rollout.Index) > 0);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(2.0, false)]   // 3 and 5 are both cut to 2
    public void LossWeight_RewardClip_MakesLargeRewardsAlike(double? clip, bool isAnyKept)
    {
        using var run = new Run { Reward = new LetterReward(text => text.Contains('b', StringComparison.Ordinal) ? 5 : 3) };
        using var task = run.Task("rest", Rest with { RewardClip = clip });
        task.Prepare(1, CancellationToken.None);

        Assert.Equal(isAnyKept, Enumerable.Range(0, task.RowLengths.Count).Any(row => task.LossWeight(row) > 0));
    }

    [Fact]   // as RAFT ranks: of samples that earn the same, those that the start finds likely too
    public void LossWeight_KlCoefficient_PrefersWhatTheStartFindsLikely()
    {
        using var run = new Run { Reward = new LetterReward(_ => 1) };
        using var task = run.Task("rest", Rest with { KlCoefficient = 0.5, Selection = RestSelection.Best, Thresholds = [0] });
        run.SpoilModel();
        task.Prepare(1, CancellationToken.None);

        double Kl(Rollout rollout) => rollout.LogRatio();
        var groups = task.Rollouts.Index().Chunk(8).ToList();
        Assert.True(task.Rollouts.Select(Kl).Max() - task.Rollouts.Select(Kl).Min() > 0.1);
        Assert.All(groups, group => Assert.All(group.Where(rollout => task.LossWeight(rollout.Index) > 0), kept => Assert.Equal(group.Min(rollout => Kl(rollout.Item)), Kl(kept.Item), 1e-9)));
    }

    [Fact]
    public void TakeStep_NothingIsKept_MovesNothing()
    {
        using var run = new Run { Reward = new LetterReward(_ => 1) };
        using var task = run.Task("rest", Rest);
        using var loop = Loop(task);
        var before = run.Weights();

        loop.TakeStep();

        Assert.Equal(before, run.Weights());
        Assert.Equal(1, loop.Step);
    }

    [Fact]   // two thresholds of one pass each: after them the next round starts from the first weights, and with an optimiser that remembers nothing
    public void TakeStep_StartIsBase_EachRoundBeginsWithTheFirstWeights()
    {
        using var run = new Run();
        using var task = run.Task("rest", Rest with { Start = RestStart.Base });
        using var loop = Loop(task);
        var first = run.Weights();

        for (var step = 1; step <= StepsPerRound; step++)
        {
            loop.TakeStep();
        }
        Assert.NotEqual(first, run.Weights());
        Assert.False(task.StartOver(StepsPerRound));
        Assert.NotEqual(first, run.Weights());
        Assert.True(task.StartOver(StepsPerRound + 1));
        Assert.Equal(first, run.Weights());
    }

    [Fact]
    public void LearningRateScale_EachImproveStep_FallsAndRisesWithTheNextRound()
    {
        using var run = new Run();
        using var task = run.Task("rest", Rest with { LearningRateDecay = 0.5 });
        double Scale(int step)
        {
            task.Prepare(step, CancellationToken.None);
            return task.LearningRateScale;
        }

        Assert.Equal([1, 1, 0.5, 1], new[] { 1, StepsPerRound / 2, StepsPerRound / 2 + 1, StepsPerRound + 1 }.Select(Scale));
    }

    [Fact]
    public void LossWeight_OriginalAnswers_StandBehindTheSamplesInTurn()
    {
        TokenizedDialogue Answer(int length) => new()
        {
            Id = $"{length}",
            Group = "original",
            Source = new RowSource("original", length),
            Tokens = [.. Enumerable.Repeat(0, 1 + length)],
            IsAnswer = [false, .. Enumerable.Repeat(true, length)],
        };
        using var run = new Run { Original = [Answer(1), Answer(2), Answer(3)] };
        using var task = run.Task("rest", Rest with { OriginalAnswers = 2 });
        double[] Weights(int step)
        {
            task.Prepare(step, CancellationToken.None);
            return [task.LossWeight(48), task.LossWeight(49)];
        }

        Assert.Equal([1, 2], Weights(1));                   // 50 rows, 8 a step: a pass is seven steps
        Assert.Equal([3, 1], Weights(15));
        Assert.Equal("original:3", task.Describe(48));
    }

    [Theory]
    [InlineData(0.5, 0.2)]
    [InlineData(0.2, 1.5)]
    public void New_ThresholdsDoNotRise_SaysSo(double first, double second)
    {
        using var run = new Run();
        Assert.Contains("thresholds rise, from 0 to 1", Assert.Throws<InputException>(() => run.Task("rest", Rest with { Thresholds = [first, second] })).Message, StringComparison.Ordinal);
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

    private static TrainingLoop Loop(OnPolicyTask task) => new(task, new LoopOptions { RowsPerStep = 8, LogEvery = 1, MaxSteps = 1000 }, new OptimizerOptions { LearningRate = 3e-3 }, seed: 0);

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
        public Tokenizer Tokenizer { get; } = TokenizerFactory.FromCharacters("abcdef", endToken: "<end>", padToken: "<pad>");
        public LanguageModel Model { get; }

        public IReadOnlyList<TokenizedDialogue> Original { get; init; } = [];

        public Run()
        {
            var json = System.Text.Json.Nodes.JsonNode.Parse("""{"model_type":"gpt2","n_layer":1,"n_embd":32,"n_head":2,"n_positions":32,"vocab_size":8}""")!.AsObject();
            Model = LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 0, ScalarType.Float32, CPU);
            Model.Add(ValueHead.Create(32, seed: 0, ScalarType.Float32, CPU));
            Directory = RunDirectory.Open(_folder.Path);
        }

        public RunDirectory Directory { get; }

        public IReadOnlyList<Rollout> Expected { get; set; } = [];

        public LetterReward Reward { get; init; } = new(text => text.Length == 0 ? 0 : text.Count(letter => letter == 'b') / (double)text.Length);

        public string Before { get; init; } = string.Empty;

        public OnPolicyTask Task(string kind, OnPolicyOptions? options = null)
        {
            var sampler = new RolloutSampler(Model, ReferencePolicy.Of(Model), Tokenizer, new WeightedReward([new RewardPart("letters", 1, false, null, Reward)]), [], seed: 3);
            List<RolloutPrompt> prompts = [.. "abcdef".Select(letter => new RolloutPrompt($"{letter}", new Passage(Before + letter), Tokenizer.Encode(Before + letter)))];
            var parts = new OnPolicyRun(Model, prompts, sampler, new RolloutLog(Directory.Rollouts), new GrowLog(Directory.Growing), RowsPerStep: 8, Seed: 3);
            try
            {
                return (options ?? Defaults(kind)) switch
                {
                    PpoOptions ppo => new PpoTask(parts, ppo),
                    RlooOptions rloo => new RlooTask(parts, rloo),
                    RestOptions rest => new RestTask(parts, Original, rest),
                    GrpoOptions grpo => new GrpoTask(parts, grpo),
                    _ => throw new ArgumentException(kind),
                };
            }
            catch
            {
                sampler.Dispose();   // no task came to own it
                throw;
            }
        }

        private static OnPolicyOptions Defaults(string kind) => kind switch
        {
            "ppo" => new PpoOptions { PromptsPerRound = 16, MaxNewTokens = 6, UpdateEpochs = 2 },
            "rloo" => new RlooOptions { PromptsPerRound = 8, MaxNewTokens = 6 },
            "grpo" => new GrpoOptions { PromptsPerRound = 4, SamplesPerPrompt = 4, MaxNewTokens = 6, KlCoefficient = 0.01 },
            _ => new RestOptions { PromptsPerRound = 6, SamplesPerPrompt = 8, MaxNewTokens = 6, Thresholds = [0, 0.5], Loss = kind == "rest" ? RestLoss.Nll : RestLoss.Dpo },
        };

        public float[] Weights()
        {
            using var scope = NewDisposeScope();
            return [.. Model.AllParameters.SelectMany(parameter => parameter.Value.detach().flatten().data<float>().ToArray())];
        }

        public void SpoilModel()
        {
            using var noGrad = no_grad();
            foreach (var (_, parameter) in Model.AllParameters)
            {
                parameter.mul_(0.5);
            }
        }

        public void Dispose()
        {
            Directory.Dispose();
            Model.Dispose();
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
