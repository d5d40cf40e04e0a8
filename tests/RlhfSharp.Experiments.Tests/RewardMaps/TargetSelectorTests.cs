using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class TargetSelectorTests
{
    [Fact]   // a rewriting asks for its parent's labels: that cell has had its turn too
    public void Choose_FewestEvaluations_CountsWhatAnyOperatorAskedFor()
    {
        var recipe = Stub.Recipe("targets=fewest-evaluations");
        var state = new MapState(recipe);
        var targets = new TargetSelector(recipe.Targets, state.Axes);
        foreach (var genre in new[] { "haiku", "sonnet" })
        {
            foreach (var tone in new[] { "happy", "dark", "calm" }.Where(tone => (genre, tone) != ("sonnet", "dark")))
            {
                targets.Count([genre, tone]);
            }
        }
        targets.Count(["haiku", null]);   // a judged parent without a tone: no target of its own

        Assert.Equal(["sonnet", "dark"], targets.Choose(state, new NamedRandom(1, "any")));
    }

    [Fact]
    public void LineOf_CrossoverOfTwoLines_JoinsThem()
    {
        var recipe = Stub.Recipe("batchSize=4");
        var state = new MapState(recipe);
        MapSolution Text(long id, params long[] parents) => new()
        {
            Id = id,
            Step = 0,
            Operator = "random",
            Parents = parents,
            Requested = ["haiku", "dark"],
            Judged = [null, null],
            PromptHash = string.Empty,
            Text = $"text {id}",
            Rewards = [id],
        };

        state.Commit([Text(0), Text(1), Text(2), Text(3)]);
        state.Commit([Text(4, 3), Text(5, 2, 4), Text(6, 1), Text(7, 6)]);

        Assert.Equal([0, 1, 2, 2, 2, 2, 1, 1], Enumerable.Range(0, 8).Select(id => state.LineOf(id)));
    }
}
