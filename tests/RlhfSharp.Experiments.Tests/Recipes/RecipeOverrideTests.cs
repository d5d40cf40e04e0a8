using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class RecipeOverrideTests
{
    private const string Yaml = """
        name: walks
        model: { path: a, new: { n_layer: 2, rope: { theta: 1 } } }
        seeds: [1, 2]
        loop: { maxSteps: 20, saveEvery: 3, bestMetric: loss, limit: 5 }
        objective: { kind: ilql, tau: 0.9, scale: 2 }
        weights: { a: 1 }
        stages: [{ name: first, modes: skip }, { name: second }]
        """;

    [Fact]
    public void Parse_LaterOverride_Wins() => Assert.Equal(3, Parse("loop.maxSteps=4", "loop.maxSteps=3").Loop.MaxSteps);

    [Fact]
    public void Parse_MissingSection_IsMade()
    {
        var recipe = RecipeReaderTests.Parse("name: a", "model.new.rope.theta=5", "loop.maxSteps=9");

        Assert.Equal("""{"rope":{"theta":5}}""", recipe.Model.New!.ToJsonString());
        Assert.Equal(new SampleLoop { MaxSteps = 9, SaveEvery = 7 }, recipe.Loop);
    }

    [Fact]
    public void Parse_WholeSection_IsReplaced() =>
        Assert.Equal(new SampleLoop { MaxSteps = 9, SaveEvery = 7 }, Parse("loop={ maxSteps: 9 }").Loop);

    [Theory]
    [InlineData("stages[1].name=x")]
    [InlineData("stages.1.name=x")]
    [InlineData(" stages[1]['name'] = x")]
    [InlineData("stages[1]={ name: x }")]
    public void Parse_IndexOfList_ReachesTheEntry(string argument) => Assert.Equal(["first", "x"], Parse(argument).Stages.Select(stage => stage.Name));

    [Fact]
    public void Parse_IndexPastTheEnd_AddsAnEntry()
    {
        Assert.Equal([1L, 2, 3], Parse("seeds[2]=3").Seeds);
        Assert.Equal([4L], RecipeReaderTests.Parse("name: a\nmodel: {}", "seeds[0]=4").Seeds);
    }

    [Fact]
    public void Parse_QuotedKey_MayHoldDots() => Assert.Equal(3, Parse("weights['x.y']=3").Weights["x.y"]);

    [Fact]
    public void Parse_Null_TakesTheSettingOut()
    {
        var recipe = Parse("loop.maxSteps=null", "loop.saveEvery=null", "loop.bestMetric=~", "loop.limit=null",
            "seeds[0]=null", "weights.a=null", "model.new.n_layer=null", "objective=null");

        Assert.Equal(new SampleLoop { SaveEvery = 7, BestMetric = null, Limit = null }, recipe.Loop);
        Assert.Equal([2L], recipe.Seeds);
        Assert.Empty(recipe.Weights);
        Assert.Equal("""{"rope":{"theta":1}}""", recipe.Model.New!.ToJsonString());
        Assert.Equal(new SampleIlql(), recipe.Objective);
    }

    [Fact]
    public void Parse_NullInsideAJsonValue_StaysNull() =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"rope":null}"""), Parse("model.new={ rope: null }").Model.New));

    [Fact]
    public void Parse_OtherKind_StartsTheSectionAnew()
    {
        Assert.Equal(new SampleDpo().Inner, Assert.IsType<SampleDpo>(Parse("objective.kind=dpo").Objective).Inner);
        Assert.Equal(1, Parse("objective.kind=dpo").Objective.Scale);
        Assert.Equal(3, Parse("objective.scale=3", "objective.kind=dpo").Objective.Scale);
        Assert.Equal(new SampleInner { A = 5 }, Assert.IsType<SampleDpo>(Parse("objective.inner.a=5", "objective.kind=dpo").Objective).Inner);
    }

    [Fact]
    public void Parse_SameKind_KeepsTheSection() => Assert.Equal(new SampleIlql { Tau = 0.9, Scale = 2 }, Parse("objective.kind=ilql").Objective);

    [Theory]
    [InlineData("optimizer.rate=1", "unknown key 'optimizer'. Allowed: description, loop, model, name, objective, seeds, stages, variants, weights.")]
    [InlineData("loop.lmit=null", "unknown key 'loop.lmit'. Did you mean 'limit'? Allowed: bestMetric, bits, limit, maxSteps, onTooLong, rate, saveEvery.")]
    [InlineData("loop.maxSteps=0", "'loop.maxSteps' is 0, expected at least 1.")]
    [InlineData("name=null", "the required key 'name' is taken out.")]
    [InlineData("loop.maxSteps", "has no '='; expected KEY=VALUE, for instance loop.maxSteps=100 or seeds[0]=1.")]
    [InlineData("=3", "'' is not a key; expected KEY=VALUE, for instance loop.maxSteps=100 or seeds[0]=1.")]
    [InlineData("loop..maxSteps=3", "'loop..maxSteps' is not a key; expected KEY=VALUE, for instance loop.maxSteps=100 or seeds[0]=1.")]
    [InlineData("loop.maxSteps=", "has no value. Write null to take the setting out, '' for an empty text.")]
    [InlineData("name.first=x", "'name' is 'walks', not a section or list that has 'first'.")]
    [InlineData("stages[3].name=x", "'stages' is a list of 2; '3' is not an index of it. Allowed: 0 to 2, where 2 adds to the list.")]
    [InlineData("stages.name=x", "'stages' is a list of 2; 'name' is not an index of it. Allowed: 0 to 2, where 2 adds to the list.")]
    [InlineData("stages[2].modes=skip", "the required key 'stages[2].name' is missing.")]
    public void Parse_WrongOverride_IsNamed(string argument, string expected) =>
        Assert.Equal([$"--set {argument}: {expected}"], Assert.Throws<RecipeException>(() => Parse(argument)).Errors);

    [Fact]
    public void Parse_ValueThatIsNoYaml_IsNamedBesideTheOtherErrors()
    {
        var errors = Assert.Throws<RecipeException>(() => Parse("seeds=[1", "loop.bits=1")).Errors;

        Assert.Equal(2, errors.Count);
        Assert.StartsWith("--set seeds=[1: is not valid YAML: ", errors[0]);
        Assert.Equal("--set loop.bits=1: 'loop.bits' is 1, expected one of: 8, 16, 32.", errors[1]);
    }

    private static SampleRecipe Parse(params string[] overrides) => RecipeReaderTests.Parse(Yaml, overrides);
}
