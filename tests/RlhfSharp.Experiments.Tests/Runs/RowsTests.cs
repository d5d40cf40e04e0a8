using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Tests.Runs;

/// <summary>Rows of a table of methods: which are run, and what their numbers are called.</summary>
public sealed class RowsTests
{
    private const string Recipe = """
        name: table
        seeds: [0, 1]
        row: plain
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 8, n_head: 2 } }
        data: { kind: random-walks }
        objective: { kind: sft }
        evaluation: { kind: random-walks }
        variants:
          - { name: fast, set: { optimizer.learningRate: 0.1 } }
          - { name: slow, set: { optimizer.learningRate: 0.001 } }
        """;

    [Theory]
    [InlineData("[]", new[] { "", "", "fast", "fast", "slow", "slow" })]
    [InlineData("[slow]", new[] { "slow", "slow" })]
    [InlineData("[slow, plain]", new[] { "", "", "slow", "slow" })]   // in the recipe's order
    public void Members_RowsAreChosen_OnlyTheseAreRun(string rows, string[] expected) =>
        Assert.Equal(expected, Members(rows).Select(member => member.Variant));

    [Fact]
    public void Members_UnknownRow_NamesThoseThereAre()
    {
        var exception = Assert.Throws<InputException>(() => Members("[slaw]"));

        Assert.Equal("rows: there is no row 'slaw'. Did you mean 'slow'? Allowed: fast, plain, slow.", exception.Message);
    }

    [Fact]
    public void Read_Rows_HaveOneNamePerScoreAndRow()
    {
        using var folder = TestFiles.NewFolder();
        var members = Members("[]", folder.Path);
        foreach (var (index, member) in members.Index())
        {
            Directory.CreateDirectory(member.Directory);
            File.WriteAllText(Path.Combine(member.Directory, "timing.jsonl"), "{\"step\":1,\"seconds\":2}\n{\"step\":2,\"seconds\":5}\n{\"step\":3,\"seconds\":1}\n");
            RunResults.Write(member.Directory, new EvaluationResult(new Dictionary<string, double> { ["score/start"] = 0.5, ["score/final"] = index }), compute: 100 + index);
        }

        var summary = ExperimentSummary.Read(members);

        Assert.Equal((0.5, 2.5, 4.5), (summary.Metrics["score/plain"], summary.Metrics["score/fast"], summary.Metrics["score/slow"]));
        Assert.Equal(3, summary.Metrics["score/fast#1"]);
        Assert.Equal(Statistics.StudentT([2, 3]), summary.Intervals["score/fast"]);
        Assert.Equal(0.5, summary.Metrics["score/start"]);
        Assert.Equal(102.5, summary.Metrics["tokens/fast"]);
        Assert.Equal(6, summary.Metrics["seconds/slow"]);   // interrupted after 5 seconds, gone on with for one
    }

    [Fact]
    public void Read_RecipeItselfIsNotRun_TheStartIsThatOfTheFirstRow()
    {
        using var folder = TestFiles.NewFolder();
        var members = Members("[slow]", folder.Path);
        foreach (var member in members)
        {
            Directory.CreateDirectory(member.Directory);
            RunResults.Write(member.Directory, new EvaluationResult(new Dictionary<string, double> { ["score/start"] = 0.25, ["score/final"] = 1 }), compute: 1);
        }

        Assert.Equal(0.25, ExperimentSummary.Read(members).Metrics["score/start"]);
    }

    private static IReadOnlyList<ExperimentMember> Members(string rows, string directory = "run") =>
        ExperimentPlan.Members(RecipeVariants.Parse<TrainingRecipe>(Recipe, "table.yaml", [$"rows={rows}"]), directory);
}
