using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Rollouts;

/// <summary>What ReST adds to a round: ranks, thresholds, Improve steps.</summary>
[NoTensorLeak]
public sealed class RestTaskTests
{
    private const int StepsPerRound = 12;   // 48 samples, 8 a step, two passes

    private static readonly RestOptions Rest = new() { PromptsPerRound = 6, SamplesPerPrompt = 8, MaxNewTokens = 6, Thresholds = [0.3, 0.6] };

    [Fact]   // what every sample is compared with, and what ranks them, need not be read twice
    public void Prepare_RestRanksByRewardAlone_OnlyTheFirstSampleOfAPromptIsShownToTheReference()
    {
        using var run = new LetterRun();
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
        using var run = new LetterRun();
        using var scope = NewDisposeScope();
        using var task = run.Task("rest", Rest with { Loss = RestLoss.Dpo, Thresholds = [0.1, 0.5], Reference = reference });
        run.SpoilModel();
        task.Prepare(1, CancellationToken.None);
        int[] pairs = [.. Enumerable.Range(0, task.RowLengths.Count).Where(row => task.LossWeight(row) > 0)];

        Assert.NotEmpty(pairs);
        Assert.Equal(isLogTwo, Math.Abs(task.Forward(pairs, CPU).LossSum.ToDouble() / pairs.Length - Math.Log(2)) < 1e-4);
    }

    [Fact]   // every sample earns the same: what is left to tell them apart is whether they came to an end
    public void LossWeight_MissingEosPenalty_LeavesOutWhatWasCutOff()
    {
        using var run = new LetterRun { Reward = new LetterReward(_ => 1) };
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
        using var run = new LetterRun { Reward = new LetterReward(text => text.Contains('b', StringComparison.Ordinal) ? 5 : 3) };
        using var task = run.Task("rest", Rest with { RewardClip = clip });
        task.Prepare(1, CancellationToken.None);

        Assert.Equal(isAnyKept, Enumerable.Range(0, task.RowLengths.Count).Any(row => task.LossWeight(row) > 0));
    }

    [Fact]   // as RAFT ranks: of samples that earn the same, those that the start finds likely too
    public void LossWeight_KlCoefficient_PrefersWhatTheStartFindsLikely()
    {
        using var run = new LetterRun { Reward = new LetterReward(_ => 1) };
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
        using var run = new LetterRun { Reward = new LetterReward(_ => 1) };
        using var task = run.Task("rest", Rest);
        using var loop = LetterRun.Loop(task);
        var before = run.Weights();

        loop.TakeStep();

        Assert.Equal(before, run.Weights());
        Assert.Equal(1, loop.Step);
    }

    [Fact]   // two thresholds of one pass each: after them the next round starts from the first weights, and with an optimiser that remembers nothing
    public void TakeStep_StartIsBase_EachRoundBeginsWithTheFirstWeights()
    {
        using var run = new LetterRun();
        using var task = run.Task("rest", Rest with { Start = RestStart.Base });
        using var loop = LetterRun.Loop(task);
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
        using var run = new LetterRun();
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
        using var run = new LetterRun { Original = [Answer(1), Answer(2), Answer(3)] };
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
        using var run = new LetterRun();
        Assert.Contains("thresholds rise, from 0 to 1", Assert.Throws<InputException>(() => run.Task("rest", Rest with { Thresholds = [first, second] })).Message, StringComparison.Ordinal);
    }
}
