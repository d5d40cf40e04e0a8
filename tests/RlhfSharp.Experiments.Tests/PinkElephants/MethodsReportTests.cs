using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class MethodsReportTests
{
    private const string Recipe = """
        name: methods
        seeds: [0, 1, 2]
        row: sft
        model: { path: tiny-world/dialogues }
        data: { kind: pink-elephants }
        objective: { kind: sft }
        evaluation: { kind: pink-elephants }
        variants:
          - { name: kto, set: { objective: { kind: kto } } }
          - { name: best-of-16, set: { objective: { kind: best-of-n, samples: 16 }, rewards: [{ kind: pink-elephant, rule: obeys }] } }
        """;

    [Fact]
    public void Blocks_BarsAreMissed_SaysWhichAndByWhom()
    {
        Assert.Contains(
            "Bars missed: kto (mentions it though told not to 0.100, wanted at most 0.05; well-formed answers 0.830, wanted at least start − 0.01).",
            Texts(mentions: 0.1, wellFormed: 0.83));
        Assert.Contains("Every method meets every bar.", Texts(mentions: 0.04, wellFormed: 0.935));
    }

    [Theory]   // best-of-n trains nothing, so that its compute is no part of the comparison
    [InlineData(1.02e6, "All trained rows had the same compute within 5%.")]
    [InlineData(1.2e6, "Not all rows had the same compute: sft, kto differ by more than 5% from the mean, so compare them with care.")]
    public void Blocks_ComputeOfTrainedRows_IsCompared(double tokens, string expected) => Assert.Contains(expected, Texts(tokens: tokens));

    private static List<string> Texts(double mentions = 0.01, double wellFormed = 0.95, double tokens = 1e6)
    {
        var plan = RecipeVariants.Parse<TrainingRecipe>(Recipe, "methods.yaml", []);
        var results = plan.SelectMany(row => row.Recipe.Seeds.Select(seed => (row.Variant, seed, new EvaluationResult(new Dictionary<string, double>
        {
            ["mention_rate/start"] = 0.7,
            ["mention_rate/final"] = row.Variant == "kto" ? mentions : 0.01,
            ["well_formed/start"] = 0.94,
            ["well_formed/final"] = row.Variant == "kto" ? wellFormed : 0.95,
            ["tokens"] = row.Variant switch { "kto" => tokens, "best-of-16" => 5e6, _ => 1e6 },
        })))).ToList();
        var members = plan.Select(row => new ExperimentMember(row.Variant, row.Recipe, 0, null, "nowhere")).ToList();
        return [.. MethodsReport.Blocks(ExperimentSummary.Of(results), plan[0].Recipe, members).OfType<TextBlock>().Select(block => block.Text)];
    }
}
