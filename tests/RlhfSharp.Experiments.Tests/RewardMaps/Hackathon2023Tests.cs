using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>The preset does what the hackathon's program did.</summary>
public sealed class Hackathon2023Tests
{
    private static readonly MapRecipe Recipe = RecipeReader.Read<MapRecipe>(Path.Combine(TestFiles.RepositoryRoot, "recipes", "reward-map-hackathon2023.yaml"), []);

    [Fact]
    public void Run_StubGeneratorAndScorer_EvaluatesExactlyTwiceTwoThousandFiveHundred()
    {
        using var folder = TestFiles.NewFolder();
        var writer = new StubWriter(Stub.Write);
        var scorer = new StubScorer(Stub.Score);

        var state = Stub.Run(Recipe, folder, Stub.Parts(Recipe, writer, scorer));

        Assert.Equal(5000, writer.Requests.Count);
        Assert.Equal(5000, scorer.Requests.Count);
        Assert.Equal(Enumerable.Range(0, 5000).Select(id => (long)id), state.Events.Select(one => one.Solution.Id));
        Assert.All(state.Events.Take(2500), one => Assert.True(one.Solution is { Operator: "random", Parents.Count: 0 }));
        Assert.All(state.Events.Skip(2500), one => Assert.True(one.Solution is { Operator: "guided-rewrite", Parents.Count: 1 }));
        Assert.Equal(5000, Stub.Events(folder).Length);
        Assert.All(scorer.Requests, request => Assert.EndsWith("\n" + Recipe.TextRewards.Single().Suffix, request.Completion.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_StubGeneratorAndScorer_TargetsAreUniformAndCellsKeepTheFirstOfTheBest()
    {
        using var folder = TestFiles.NewFolder();
        var state = Stub.Run(Recipe, folder, Stub.Parts(Recipe, score: text => text.Length % 5));   // ties are common

        // 25 cells of 200 ± 14: more than 4.5 standard deviations away is less likely than one in 5,000 for all of them together.
        Assert.All(state.Events.CountBy(one => string.Join('/', one.Solution.Requested)), cell => Assert.InRange(cell.Value, 137, 263));
        Assert.Equal(25, state.Archive.Count);
        foreach (var cell in state.Events.GroupBy(one => string.Join('/', one.Solution.Requested)))
        {
            var elite = cell.MaxBy(one => one.Solution.Rewards[0])!;   // the first of equal ones
            Assert.Same(elite.Solution, state.Archive.Best(elite.Outcome.Cell!.Value)!.Solution);
        }
    }
}
