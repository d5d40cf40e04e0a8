using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

public sealed class IterationRowsTests
{
    private const string Recipe = """
        name: rows
        model: { path: start }
        data: { kind: pink-elephants }
        gold: { path: gold }
        objective: { kind: ppo }
        row: I1
        variants: [{ name: S0, set: { iterations: 1 } }]
        """;

    [Fact]
    public void Of_NoNoise_GivesTheRecipesRows() => Assert.Equal([("I1", 0.0), ("S0", 0.0)], Rows());

    [Fact]
    public void Of_ATwinByName_TurnsLabelsRoundInItAlone() => Assert.Equal([("S0", 0.0), ("S0@noise", 0.25)], Rows("rows=[S0, S0@noise]"));

    [Fact]
    public void Of_TheRecipesOwnTwin_IsARowToo() => Assert.Equal([("I1@noise", 0.25)], Rows("rows=[I1@noise]"));

    [Theory]
    [InlineData("rows=[S0]")]
    [InlineData("rows=[S0, S0@noise]")]
    public void Of_NoisyLabelsThroughout_AreToldByTheNameOnce(string rows) => Assert.Equal([("S0@noise", 0.1)], Rows(rows, "labels.noise=0.1"));

    [Fact]
    public void Of_ATwinOfNothing_IsRefused() => Assert.StartsWith("rows: there is no row 'S9@noise'.", Assert.Throws<InputException>(() => Rows("rows=[S9@noise]")).Message, StringComparison.Ordinal);

    private static IEnumerable<(string, double)> Rows(params string[] settings) =>
        IterationRows.Of(RecipeVariants.Parse<IterationRecipe>(Recipe, "rows.yaml", settings)).Select(row => (row.Variant, row.Recipe.Labels.Noise));
}
