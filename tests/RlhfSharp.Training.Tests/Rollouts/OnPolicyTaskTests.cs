using System.Text;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
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
        using var run = new LetterRun();
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
        using var run = new LetterRun { Before = "abcdefabcdef" };
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
        using var run = new LetterRun { Before = before };
        using var task = run.Task("grpo");
        Assert.Equal(expected, task.RowsPerGroup);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TakeStep_OneLetterIsRewarded_ItBecomesFrequent(string kind)
    {
        using var run = new LetterRun();
        using var task = run.Task(kind);
        using var loop = LetterRun.Loop(task);

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
            using var run = new LetterRun();
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
        using var run = new LetterRun();
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
        using var run = new LetterRun();
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
        using var run = new LetterRun();
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
        using var run = new LetterRun();
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
        using var run = new LetterRun();
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
        using var run = new LetterRun { Reward = new LetterReward(_ => score) };
        using var task = run.Task("ppo");

        Assert.Contains(expected, Assert.Throws<InputException>(() => task.Prepare(1, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_RewardGivesTooFew_SaysSo()
    {
        using var run = new LetterRun { Reward = new LetterReward(_ => 1) { Missing = 1 } };
        using var task = run.Task("ppo");

        Assert.Contains("gave 15 scores for 16 samples", Assert.Throws<InputException>(() => task.Prepare(1, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_Cancelled_LeavesNothingBehind()
    {
        using var run = new LetterRun();
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
}
