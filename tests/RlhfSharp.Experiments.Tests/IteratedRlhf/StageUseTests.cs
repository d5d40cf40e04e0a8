using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

/// <summary>What is tidied away when: never what a later stage reads.</summary>
public sealed class StageUseTests
{
    private const string Recipe = """
        name: use
        model: { path: start }
        data: { kind: pink-elephants }
        gold: { path: gold }
        iterations: 3
        labels: { perBatch: 10 }
        objective: { kind: ppo }
        """;

    // Stages: 0 held out; 1 labels, 2 proxy, 3 policy; 4, 5, 6 and 7, 8, 9 likewise.
    [Theory]
    [InlineData("start=supervised", 3, new[] { 0, 2 })]               // labels 1 go into proxy 5 and policy 3 answers in 4
    [InlineData("start=supervised", 4, new[] { 0, 2, 3 })]
    [InlineData("start=last", 4, new[] { 0, 2 })]                     // policy 6 starts from policy 3
    [InlineData("start=last", 6, new[] { 0, 2, 3, 5 })]
    [InlineData("proxy.data=last", 3, new[] { 0, 1, 2 })]
    [InlineData("proxy.continues=true", 4, new[] { 0, 3 })]           // proxy 5 goes on from proxy 2
    [InlineData("proxy.combineIterations=mean", 6, new[] { 0, 3 })]   // policy 9 is rewarded by proxies 2 and 5 too
    [InlineData("start=supervised", 9, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    public void Finished_SoMuchIsDone_LeavesWhatIsRead(string setting, int done, int[] finished)
    {
        var stages = Plan(setting);

        Assert.Equal(finished, Finished(stages, done));
    }

    [Theory]   // who answers in 4 is chosen by proxy 2
    [InlineData(3, new[] { 0 })]
    [InlineData(4, new[] { 0, 2, 3 })]
    public void Finished_BestOfN_LeavesTheProxyThatChooses(int done, int[] finished) => Assert.Equal(finished, Finished(Plan("objective={ kind: best-of-n }"), done));

    private static IEnumerable<int> Finished(IReadOnlyList<Stage> stages, int done)
    {
        var isDone = stages.Take(done + 1).Select(stage => stage.Key).ToHashSet();
        var keys = StageUse.Finished(stages, stage => isDone.Contains(stage.Key)).Select(stage => stage.Key).ToHashSet();
        return Enumerable.Range(0, stages.Count).Where(index => keys.Contains(stages[index].Key));
    }

    private static IReadOnlyList<Stage> Plan(string setting)
    {
        var recipe = RecipeReader.Parse<IterationRecipe>(Recipe, "use.yaml", [setting]);
        return IterationPlan.Of(recipe, recipe.Seeds[0]).Stages;
    }
}
