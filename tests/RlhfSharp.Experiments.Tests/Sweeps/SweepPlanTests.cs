using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Sweeps;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Tests.Sweeps;

public sealed class SweepPlanTests
{
    private const string Recipe = """
        name: search
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 8, n_head: 2 } }
        data: { kind: random-walks }
        objective: { kind: ilql }
        loop: { maxSteps: 100 }
        evaluation: { kind: random-walks }
        sweep:
          method: random
          trials: 4
          metric: optimality@beta=0
          goal: maximize
          parameters: { optimizer.learningRate: { range: [0.001, 0.1], scale: log }, objective.targetSync: { values: [never, per-step] } }
        """;

    [Theory]
    [InlineData("sweep.trails=3", "unknown key 'sweep.trails'. Did you mean 'trials'?")]
    [InlineData("sweep.trials=null", "'sweep': the key 'trials' is missing")]
    [InlineData("sweep.method=grid", "a grid has as many trials as there are combinations; leave 'trials' out.")]
    [InlineData("sweep.method=grid", "'optimizer.learningRate' has a range, and a grid needs values. List them (values: [...]), or take method: random.")]
    [InlineData("sweep.method=halving", "the key 'minSteps' is missing")]
    [InlineData("sweep.minSteps=3", "'minSteps' is read with method: halving only.")]
    [InlineData("sweep.parameters=null", "the required key 'sweep.parameters' is taken out.")]
    [InlineData("sweep.parameters={}", "there is nothing to search")]
    [InlineData("sweep.parameters['optimizer.learningRate'].range=[0.1, 0.1]", "the range [0.1, 0.1] is empty; the first number must be smaller than the second.")]
    [InlineData("sweep.parameters['optimizer.learningRate'].range=[0.1, .inf]", "expected two finite numbers")]
    [InlineData("sweep.parameters['optimizer.learningRate'].range=[0, 0.1]", "the range is [0, 0.1]; on a log scale it must begin above 0.")]
    [InlineData("sweep.parameters['optimizer.learningRate'].values=[0.1]", "give exactly one of 'values', a list with at least one entry, and 'range', two numbers.")]
    [InlineData("sweep.parameters['objective.tau']={ range: [0.5, 0.9], integer: true }", "with 'integer' its ends must be whole numbers.")]
    [InlineData("sweep.parameters['objective.targetSync'].scale=log", "'scale' and 'integer' are about a range")]
    [InlineData("sweep.parameters['objective.tua']={ range: [0.5, 0.9] }", "unknown key 'objective.tua'. Did you mean 'tau'?")]
    [InlineData("sweep.parameters['objective.tau']={ range: [0.5, 1.5] }", "'objective.tau' is 1.5, expected greater than 0 and less than 1.")]
    [InlineData("sweep.parameters['objective.targetSync'].values=[always]", "'objective.targetSync' is 'always'.")]
    [InlineData("sweep.parameters.seeds={ values: [0, 1] }", "'seeds' is not a setting of a training run; it is the same for all trials.")]
    [InlineData("sweep.bars=[{ metric: a }]", "give exactly one of 'atLeast' and 'atMost'.")]
    [InlineData("variants=[{ name: a, set: { objective.tau: 0.6 } }]", "a recipe with a sweep has no variants, row and rows.")]
    [InlineData("sweep=null", "search.yaml has no section 'sweep'")]
    public void Read_Mistake_SaysWhatIsAllowed(string setting, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<InputException>(() => Read(setting)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_HalvingThatHasNothingToHalve_IsRefused()
    {
        Assert.Contains("sweep.minSteps is 100, which must be less than loop.maxSteps, 100", Refusal("sweep.method=halving", "sweep.minSteps=100"), StringComparison.Ordinal);
        Assert.Contains(
            "'loop.maxSteps' cannot be searched with method: halving",
            Refusal("sweep.method=halving", "sweep.minSteps=10", "sweep.parameters['loop.maxSteps']={ values: [10] }"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_Settings_AreThoseOfTheirRecipes()
    {
        var plan = Read();

        Assert.Equal(4, plan.Trials.Count);
        Assert.All(plan.Trials, trial =>
        {
            var settings = trial.Settings.ToDictionary();
            Assert.Equal(settings["optimizer.learningRate"], PlainScalar.Write(trial.Recipe!.Optimizer.LearningRate));
            Assert.Equal(settings["objective.targetSync"], ValueRule.Name(((IlqlOptions)trial.Recipe.Objective).TargetSync));
            Assert.Null(trial.Recipe.Sweep);
        });
    }

    // The resolved recipe is what processes of single trials and --resume read.
    [Fact]
    public void Trials_OfTheResolvedRecipe_AreTheSame()
    {
        var plan = Read("sweep.trials=8");
        var again = SweepPlan.Read(new RecipeSource("recipe.yaml", RecipeWriter.ToYaml(plan.Recipe)), []);

        Assert.Equal(plan.Trials.Select(Text), again.Trials.Select(Text));
    }

    [Fact]
    public void Trials_SettingsThatDoNotGoTogether_HaveAProblemAndNoRecipe()
    {
        var plan = Read(
            "sweep.method=grid", "sweep.trials=null", "sweep.parameters=null", "sweep.parameters={ objective.kind: { values: [ilql, sft] }, objective.tau: { values: [0.6] } }");

        Assert.NotNull(plan.Trials[0].Recipe);
        Assert.Null(plan.Trials[1].Recipe);
        Assert.Contains("objective.tau", plan.Trials[1].Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(36, 3, 45, 400, "36@45 12@135 4@end")]
    [InlineData(9, 3, 10, 100, "9@10 3@30 1@90 1@end")]
    [InlineData(2, 4, 10, 11, "2@10 1@end")]
    public void Rungs_OfHalving_OneInEtaGoesOn(int trials, int eta, int minSteps, int maxSteps, string expected)
    {
        var plan = Read("sweep.method=halving", $"sweep.trials={trials}", $"sweep.eta={eta}", $"sweep.minSteps={minSteps}", $"loop.maxSteps={maxSteps}");

        Assert.Equal(expected, string.Join(' ', plan.Rungs.Select(rung => $"{rung.Trials}@{rung.Steps?.ToString() ?? "end"}")));
    }

    private static SweepPlan Read(params IReadOnlyList<string> settings) => SweepPlan.Read(new RecipeSource("search.yaml", Recipe), settings);

    private static string Refusal(params IReadOnlyList<string> settings) => Assert.ThrowsAny<InputException>(() => Read(settings)).Message;

    private static string Text(SweepTrial trial) => $"{trial.Name} {string.Join(' ', trial.Settings)} {RecipeWriter.ToYaml(trial.Recipe!)}";
}
