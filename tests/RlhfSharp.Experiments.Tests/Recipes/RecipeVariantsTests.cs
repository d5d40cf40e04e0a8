using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class RecipeVariantsTests
{
    private const string Yaml = """
        name: walks
        model: { path: a }
        loop: { maxSteps: 20 }
        objective: { kind: ilql, tau: 0.9, scale: 2 }
        stages: [{ name: first }]
        variants:
          - name: short
            set:
              loop.maxSteps: 10
              stages[0].name: only
          - { name: dpo, set: { objective.betas: [1, 2], objective.kind: dpo, objective.inner: { a: 5 } } }
          - { name: plain, set: { loop.limit: null, model.new: { a: null } } }
          - { name: same, set: {} }

        """;

    [Fact]
    public void Parse_Variants_AreTheRecipeWithTheirSettings()
    {
        var recipes = Parse();

        Assert.Equal(["", "short", "dpo", "plain", "same"], recipes.Select(row => row.Variant));
        var (walks, shorter, dpo, plain, same) = (recipes[0].Recipe, recipes[1].Recipe, recipes[2].Recipe, recipes[3].Recipe, recipes[4].Recipe);
        Assert.Equal(4, walks.Variants.Count);
        Assert.Equal((10, 7, "only"), (shorter.Loop.MaxSteps, shorter.Loop.SaveEvery, shorter.Stages[0].Name));
        Assert.Equal(new SampleIlql { Tau = 0.9, Scale = 2 }, shorter.Objective);
        var objective = Assert.IsType<SampleDpo>(dpo.Objective);
        Assert.Equal((1, 5), (objective.Scale, objective.Inner.A));
        Assert.Equal([1.0, 2.0], objective.Betas);
        Assert.Null(plain.Loop.Limit);
        Assert.Equal("""{"a":null}""", plain.Model.New!.ToJsonString());
        Assert.Equal(RecipeWriter.ToYaml(walks with { Variants = [] }), RecipeWriter.ToYaml(same));
        Assert.All(recipes.Skip(1), row => Assert.Empty(row.Recipe.Variants));
    }

    [Fact]
    public void Parse_Overrides_WinOverVariants()
    {
        var recipes = Parse("loop.maxSteps=15", "variants[0].set['loop.bits']=8");

        Assert.All(recipes, row => Assert.Equal(15, row.Recipe.Loop.MaxSteps));
        Assert.Equal([32, 8, 32, 32, 32], recipes.Select(row => row.Recipe.Loop.Bits));
    }

    [Fact]
    public void Parse_RecipeWithoutVariants_GivesItAlone() =>
        Assert.Equal("", Assert.Single(RecipeVariants.Parse<SampleRecipe>("name: a\nmodel: {}", "r.yaml", [])).Variant);

    [Theory]
    [InlineData]
    [InlineData("loop.maxSteps=15")]
    [InlineData("objective.kind=dpo", "objective.betas=4", "variants[1].set={}")]
    [InlineData("objective.tau=0.5", "variants[1]=null")]
    [InlineData("objective.kind=dpo", "loop.limit=9", "model={ path: b }")]
    [InlineData("loop.limit=null", "model.new={ x: 1 }", "variants[4]={ name: more, set: { model.new: null, objective: null } }")]
    public void Parse_ResolvedRecipe_GivesTheSameRecipesWithoutOverrides(params string[] overrides)
    {
        var recipes = Parse(overrides);

        var again = RecipeVariants.Parse<SampleRecipe>(RecipeWriter.ToYaml(recipes[0].Recipe), "recipe.yaml", []);

        Assert.Equal(recipes.Select(row => (row.Variant, RecipeWriter.ToYaml(row.Recipe))), again.Select(row => (row.Variant, RecipeWriter.ToYaml(row.Recipe))));
    }

    [Fact]
    public void Parse_Mistakes_NameTheVariantAndAreToldOnce()
    {
        var error = Assert.Throws<RecipeException>(() => RecipeVariants.Parse<SampleRecipe>("""
            name: walks
            model: { pat: a }
            variants:
              - name: one
                set:
                  loop.maxStep: 10
                  loop.bits: 9
                  a..b: 1
                  name.x: 2
                  variants: []
              - { name: one, set: { weights: [] } }
              - { nam: two }
              - three
            """, "r.yaml", ["loop.rate=2"]));

        Assert.Equal(
            [
                "r.yaml:2: unknown key 'model.pat'. Did you mean 'path'? Allowed: frozen, new, path.",
                "r.yaml:6: variant 'one': unknown key 'loop.maxStep'. Did you mean 'maxSteps'? "
                    + "Allowed: bestMetric, bits, limit, maxSteps, onTooLong, rate, saveEvery.",
                "r.yaml:7: variant 'one': 'loop.bits' is 9, expected one of: 8, 16, 32.",
                "r.yaml:8: variant 'one': 'a..b' is not a key; expected one such as loop.maxSteps or seeds[0].",
                "r.yaml:9: variant 'one': 'name' is 'walks', not a section or list that has 'x'.",
                "r.yaml:10: variant 'one': a variant cannot have variants.",
                "r.yaml:11: there are two variants called 'one'.",
                "r.yaml:11: variant 'one': 'weights' is a list, expected a section.",
                "r.yaml:12: the required key 'variants[2].name' is missing.",
                "r.yaml:12: the required key 'variants[2].set' is missing.",
                "r.yaml:12: unknown key 'variants[2].nam'. Did you mean 'name'? Allowed: name, set.",
                "r.yaml:13: 'variants[3]' is 'three', expected a section.",
                "--set loop.rate=2: 'loop.rate' is 2, expected greater than 0 and less than 1.",
            ],
            error.Errors);
    }

    [Fact]
    public void Parse_NotYaml_IsAnErrorOfTheFile() =>
        Assert.StartsWith("r.yaml:1: ", Assert.Throws<RecipeException>(() => RecipeVariants.Parse<SampleRecipe>("- a", "r.yaml", [])).Message);

    private static IReadOnlyList<(string Variant, SampleRecipe Recipe)> Parse(params string[] overrides) =>
        RecipeVariants.Parse<SampleRecipe>(Yaml, "r.yaml", overrides);
}
