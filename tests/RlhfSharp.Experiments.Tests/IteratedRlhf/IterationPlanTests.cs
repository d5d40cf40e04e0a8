using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

/// <summary>Which stages rows share: exactly those whose results are the same.</summary>
public sealed class IterationPlanTests
{
    private const string Recipe = """
        name: plan
        model: { path: start }
        data: { kind: pink-elephants }
        gold: { path: gold }
        iterations: 3
        labels: { perBatch: 10 }
        objective: { kind: ppo }
        """;

    [Fact]
    public void Stages_OneRow_AreLabelledTrainedAndImprovedInTurn() => Assert.Equal(
        ["labels", "labels", "proxy", "policy", "labels", "proxy", "policy", "labels", "proxy", "policy"],
        Plan().Stages.Select(stage => stage.Key.Split('-')[0]));

    [Theory]
    [InlineData("start=last")]
    [InlineData("start=interpolated")]
    [InlineData("proxy.data=last")]
    [InlineData("proxy.data=sample")]
    [InlineData("proxy.combineIterations=mean")]
    [InlineData("proxy.continues=true")]
    [InlineData("eta=0.1")]
    public void Stages_RowsThatDifferLater_ShareTheFirstIteration(string setting)
    {
        var (plain, other) = (Plan(), Plan(setting));

        Assert.Equal(plain.Stages.Take(4).Select(stage => stage.Key), other.Stages.Take(4).Select(stage => stage.Key));
    }

    [Theory]
    [InlineData("start=last")]
    [InlineData("start=interpolated")]
    [InlineData("proxy.data=last")]
    [InlineData("proxy.data=sample")]
    [InlineData("proxy.combineIterations=mean")]
    [InlineData("proxy.continues=true")]
    public void Stages_RowsThatDifferLater_DoNotShareTheSecondPolicy(string setting) =>
        Assert.NotEqual(Plan().Policies[1].Key, Plan(setting).Policies[1].Key);

    [Fact]   // standard RLHF labels all at once: its first batch is the iterated row's first
    public void Labels_StandardRlhf_SharesTheFirstBatchOnly()
    {
        var (iterated, standard) = (Plan(), Plan("iterations=1", "labels.batchesPerIteration=3"));

        Assert.Equal(3, standard.Labels.Single().Count);
        Assert.Equal(iterated.Labels[0][0].Key, standard.Labels[0][0].Key);
        Assert.NotEqual(iterated.Labels[1][0].Key, standard.Labels[0][1].Key);
    }

    [Theory]   // the control C-k: the first iteration with its labels and its proxy, and k times its samples
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Stages_OneIterationWithMoreSamples_HasTheLabelsAndTheProxyOfTheFirst(int times)
    {
        var (iterated, control) = (Plan("loop.maxSteps=40"), Plan("iterations=1", $"loop.maxSteps={40 * times}"));

        Assert.Equal(iterated.Stages.Take(3).Select(stage => stage.Key), control.Stages.Take(3).Select(stage => stage.Key));
        Assert.Equal(iterated.Labels[0].Select(labels => labels.Key), control.Labels.Single().Select(labels => labels.Key));
        Assert.NotEqual(iterated.Policies[0].Key, control.Policies.Single().Key);
        Assert.Equal(iterated.Policies[0].Key, Plan("iterations=1", "loop.maxSteps=40").Policies.Single().Key);   // C-1 is the first iteration itself
    }

    [Fact]   // prompts to choose settings on are others than those that are looked at once; what is labelled and learnt is the same
    public void Stages_OtherHeldOutPrompts_ChangeWhatIsMeasuredOn()
    {
        var (plain, other) = (Plan(), Plan("evaluation.from=validation"));

        Assert.NotEqual(plain.HeldOut.Key, other.HeldOut.Key);
        Assert.Equal(plain.Stages[1].Key, other.Stages[1].Key);
        Assert.Equal(plain.Stages[2].Key, other.Stages[2].Key);
        Assert.NotEqual(plain.Policies[0].Key, other.Policies[0].Key);
    }

    [Fact]   // the gold scores are the same, what is made of them is not
    public void Stages_LabelNoise_SharesLabelsAndNotProxies()
    {
        var (clean, noisy) = (Plan(), Plan("labels.noise=0.25"));

        Assert.Equal(clean.Labels[0][0].Key, noisy.Labels[0][0].Key);
        Assert.NotEqual(clean.Stages[2].Key, noisy.Stages[2].Key);
    }

    [Theory]   // what nothing reads, or a later stage only
    [InlineData("proxy.uncertaintyWeight=3")]
    [InlineData("data.reward=mention")]
    public void Stages_SettingThatNothingReads_ChangesNoStage(string setting) =>
        Assert.Equal(Plan().Stages.Select(stage => stage.Key), Plan(setting).Stages.Select(stage => stage.Key));

    [Fact]
    public void Stages_Adapter_IsTheBusinessOfPolicies()
    {
        var (plain, adapter) = (Plan(), Plan("model.lora.rank=4"));

        Assert.Equal(plain.Stages.Take(3).Select(stage => stage.Key), adapter.Stages.Take(3).Select(stage => stage.Key));
        Assert.NotEqual(plain.Stages[3].Key, adapter.Stages[3].Key);
    }

    [Theory]
    [InlineData("seeds=[1]", 0)]
    [InlineData("gold.path=other", 0)]
    [InlineData("labels.perBatch=11", 1)]
    [InlineData("proxy.epochs=9", 2)]
    [InlineData("proxy.new={ model_type: gpt2 }", 2)]
    [InlineData("objective.klCoefficient=0.5", 3)]
    [InlineData("objective.kind=rloo", 3)]
    [InlineData("reward=gold", 3)]
    [InlineData("loop.maxSteps=7", 3)]
    public void Stages_SettingThatMatters_ChangesItsStageAndAllBehind(string setting, int first)
    {
        var (plain, other) = (Plan(), Plan(setting));

        Assert.Equal(plain.Stages.Take(first).Select(stage => stage.Key), other.Stages.Take(first).Select(stage => stage.Key));
        Assert.NotEqual(plain.Stages[first].Key, other.Stages[first].Key);
        Assert.NotEqual(plain.Stages[3].Key, other.Stages[3].Key);
    }

    [Fact]   // answers are drawn, then measured: drawn alone they are no finished stage
    public void Policies_BestOfN_HaveTwoPhasesAndTrainNothing()
    {
        var plan = Plan("objective={ kind: best-of-n, samples: 8 }");

        Assert.All(plan.Policies, policy => Assert.Equal((8, 2), (policy.BestOf, policy.Phases)));
        Assert.All(Plan().Policies, policy => Assert.Equal((null, 1), (policy.BestOf, policy.Phases)));
        Assert.NotEqual(plan.Policies[0].Key, Plan("objective={ kind: best-of-n, samples: 16 }").Policies[0].Key);
    }

    private static IterationPlan Plan(params string[] settings)
    {
        var recipe = RecipeReader.Parse<IterationRecipe>(Recipe, "plan.yaml", settings);
        return IterationPlan.Of(recipe, recipe.Seeds[0]);
    }
}
