using RlhfSharp.Benchmarks.Workloads;

namespace RlhfSharp.Benchmarks.Tests.Workloads;

[NoTensorLeak]
public class ContestTests
{
    private static readonly ModelShape Shape = new(Layers: 2, Hidden: 16, AttentionHeads: 2, Vocabulary: 50, Positions: 32);

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(3, 1.0)]
    public void Verify_Generation_GreedyTokensAreIdentical(int samplesPerPrompt, double? steeringBeta)
    {
        using var contest = new GenerationContest(new()
        {
            Shape = Shape,
            Prompts = 2,
            PromptLength = 5,
            SamplesPerPrompt = samplesPerPrompt,
            NewTokens = 6,
            TopK = 10,
            SteeringBeta = steeringBeta,
        });

        contest.Verify();
        contest.RunOurs();
        contest.RunPlain();

        Assert.Equal(2 * samplesPerPrompt * 6, contest.Tokens);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    public void Verify_RaggedGeneration_GreedyTokensAreIdentical(int? promptLength)
    {
        using var contest = new RaggedGenerationContest(new()
        {
            Shape = Shape,
            Prompts = 5,
            PromptLength = promptLength,
            SamplesPerPrompt = 3,
            Shortest = 2,
            Longest = 12,
            BatchSize = 4,
        });

        contest.Verify();
        contest.RunOurs();
        contest.RunPlain();

        Assert.InRange(contest.Tokens, 15 * 2, 15 * 12);
    }

    [Fact]
    public void Verify_Dpo_LossesAreEqualAndBothSidesTrain()
    {
        using var contest = new DpoContest(Shape, RandomText.Pairs(count: 4, promptLength: 8, shortest: 9, longest: 16, Shape.Vocabulary), pairsPerStep: 2);

        contest.Verify();
        contest.RunOurs();
        contest.RunPlain();

        Assert.InRange(contest.Tokens, 8 * 9, 8 * 16);
    }

    [Fact]
    public void Verify_Ppo_LossesAreEqualAndBothSidesTrain()
    {
        using var contest = new PpoContest(new()
        {
            Shape = Shape,
            Prompts = 3,
            SamplesPerPrompt = 4,
            ShortestPrompt = 5,
            LongestPrompt = 12,
            MeanSample = 6,
            LongestSample = 16,
            RowsAtATime = 5,
            RowsPerStep = 6,
        });

        contest.Verify();
        contest.RunOurs();
        contest.RunPlain();

        Assert.InRange(contest.Tokens, 12, 12 * 16 - 1);   // some samples end by themselves
    }

    [Fact]
    public void Verify_RewardScoring_ScoresAreEqual()
    {
        using var contest = new RewardScoringContest(Shape, count: 20, median: 8, longest: 32);

        contest.Verify();
        contest.RunOurs();
        contest.RunPlain();

        Assert.InRange(contest.Tokens, 20, 20 * 32);
    }

    [Fact]
    public void Run_MemoryBound_BothSidesDoOneTokenAtATime()
    {
        using var contest = new MemoryBoundContest(Shape with { Positions = 64 }, newTokens: 4);

        contest.Verify();
        contest.RunOurs();
        contest.RunPlain();

        Assert.Equal(4, contest.Tokens);
    }

    [Fact]
    public void Verify_CheckpointingAfterStepsOfBothSides_GradientsAreEqual()
    {
        using var contest = new CheckpointingContest(Shape, RandomText.Dialogues(4, promptLength: 3, shortest: 4, longest: 12, Shape.Vocabulary));

        contest.RunOurs();
        contest.RunPlain();
        contest.Verify();

        Assert.True(contest.UsefulFlops > 0);
    }

    [Fact]
    public void Verify_IlqlAfterStepsOfBothSides_LossesAreEqual()
    {
        var dialogues = RandomText.Dialogues(4, promptLength: 3, shortest: 4, longest: 12, Shape.Vocabulary);
        using var contest = new IlqlContest(Shape, dialogues, rowsPerStep: 2);

        contest.RunOurs();
        contest.RunPlain();
        contest.Verify();

        Assert.Equal(dialogues.Sum(dialogue => dialogue.Tokens.Length), contest.Tokens);
    }
}
