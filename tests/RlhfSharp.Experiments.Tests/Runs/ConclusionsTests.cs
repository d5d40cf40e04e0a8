using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Tests.Runs;

public sealed class ConclusionsTests
{
    private const string Steered = "optimality@beta=100";
    private const string Plain = "optimality@beta=0";

    [Fact]
    public void Verdict_OneSeedWithIntervalsApart_SaysWhatHelpedAndThatItIsOneSeed()
    {
        var verdict = Verdict(Steering([0.9, 0.8], [0.2, 0.1]));
        // Twenty starts, alternating: means 0.85 and 0.15.
        Assert.StartsWith("ILQL found short ways: steered by Q and V, walks score 0.85 [", verdict, StringComparison.Ordinal);
        Assert.Contains("without steering 0.15 [", verdict, StringComparison.Ordinal);
        Assert.EndsWith("One seed only; another may turn out differently.", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_OneSeedWithIntervalsThatOverlap_SettlesNothing() =>
        Assert.StartsWith("Whether steering helps is not settled", Verdict(Steering([1, 0], [0.9, 0])), StringComparison.Ordinal);

    [Fact]
    public void Verdict_SteeredClearlyLower_SaysSo() =>
        Assert.StartsWith("Steering made the walks worse", Verdict(Steering([0.2, 0.1], [0.9, 0.8])), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.5, "ILQL found short ways")]
    [InlineData(0.0, "Whether steering helps is not settled")]
    [InlineData(-0.5, "Steering made the walks worse")]
    public void Verdict_SeveralSeeds_GoesByTheIntervalOfTheGain(double gain, string expected)
    {
        // Student's interval of three gains that differ by 0.01 is the mean ± 4.303·0.01/√3 ≈ 0.025.
        double[] gains = [gain - 0.01, gain, gain + 0.01];
        var verdict = Verdict([.. gains.Select(one => Numbers((Plain, 0.5), (Steered, 0.5 + one), ("steering/gain", one)))]);
        Assert.StartsWith(expected, verdict, StringComparison.Ordinal);
        Assert.DoesNotContain("One seed", verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Q judges better than the simple judges")]
    [InlineData(-1, "Q judges worse than a simple judge")]
    [InlineData(0, "Q is not shown to judge better than simple judges")]
    public void Verdict_Preferences_GoesByTheDifferences(int difference, string expected)
    {
        // Around 0 the differences alternate, so that their interval holds 0.
        double[] values = difference == 0 ? [1, -1] : [difference];
        Assert.StartsWith(expected, Verdict(Spread(("accuracy/q", [1, 0]), ("difference/q-minus-shorter", values))), StringComparison.Ordinal);
    }

    // e^0.693147 = 2.
    [Fact]
    public void Verdict_HeldOutLoss_IsToldWithItsPerplexity() =>
        Assert.Equal("On held-out answers the loss is 0.693 per token, a perplexity of 2.0.", Verdict(Numbers(("eval_loss", Math.Log(2)))));

    [Fact]
    public void Verdict_NothingKnown_IsEmpty() => Assert.Empty(Verdict(Numbers(("loss", 1))));

    [Fact]
    public void Details_Variant_StandsBesideTheRecipeUnderTheNameOfItsSetting()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Recipe(1, "variants=[{ name: sync-never, set: { objective.targetSync: never } }]");
        var members = new[] { string.Empty, "sync-never" }
            .Select(variant => new ExperimentMember(variant, recipe, 0, null, folder.File($"run-{variant}"))).ToList();
        Write(members[0], Steering([0.9, 0.8], [0.2, 0.1]));
        Write(members[1], Steering([0.1, 0.0], [0.2, 0.1]));
        var detail = Assert.Single(Conclusions.Details(ExperimentSummary.Read(members), recipe));
        Assert.StartsWith("sync-never scores 0.05 [", detail, StringComparison.Ordinal);
        Assert.Contains("under the same steering, sync-per-step 0.85 [", detail, StringComparison.Ordinal);
        Assert.EndsWith("the intervals do not overlap.", detail, StringComparison.Ordinal);
    }

    private static string Verdict(params EvaluationResult[] seeds)
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Recipe(seeds.Length);
        var members = seeds.Select((_, seed) => new ExperimentMember(string.Empty, recipe, seed, null, folder.File($"seed-{seed}"))).ToList();
        foreach (var (member, result) in members.Zip(seeds))
        {
            Write(member, result);
        }
        return Conclusions.Verdict(ExperimentSummary.Read(members), recipe);
    }

    private static void Write(ExperimentMember member, EvaluationResult result)
    {
        Directory.CreateDirectory(member.Directory);
        RunResults.Write(member.Directory, result, compute: 1);
    }

    private static TrainingRecipe Recipe(int seeds, string variants = "variants=[]") => RecipeReader.Parse<TrainingRecipe>(
        RecipeSource.RandomWalks.Text, RecipeSource.RandomWalks.Name, [$"seeds=[{string.Join(", ", Enumerable.Range(0, seeds))}]", variants]);

    private static EvaluationResult Steering(double[] steered, double[] plain) => Spread((Plain, plain), (Steered, steered));

    private static EvaluationResult Numbers(params (string Name, double Value)[] metrics) =>
        new(metrics.ToDictionary(metric => metric.Name, metric => metric.Value));

    // Twenty prompts with one value each, the given ones in turn.
    private static EvaluationResult Spread(params (string Name, double[] Values)[] metrics) => new(
        metrics.ToDictionary(metric => metric.Name, metric => metric.Values.Average()),
        [],
        metrics.ToDictionary(metric => metric.Name, metric => Twenty(metric.Values)));

    private static IReadOnlyList<Observation> Twenty(double[] values) =>
        [.. Enumerable.Range(0, 20).Select(i => new Observation($"prompt {i}", values[i % values.Length]))];
}
