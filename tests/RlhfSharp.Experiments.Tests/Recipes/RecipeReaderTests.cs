using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class RecipeReaderTests
{
    private const string Minimal = "name: walks\nmodel: {}\n";

    [Fact]
    public void Parse_OnlyRequiredKeys_HasDefaultsOfTheRecords()
    {
        var recipe = Parse(Minimal);

        Assert.Equal("walks", recipe.Name);
        Assert.Equal([0L], recipe.Seeds);
        Assert.Equal(new SampleLoop { SaveEvery = 7 }, recipe.Loop);
        Assert.Equal(new SampleIlql(), recipe.Objective);
        Assert.Null(recipe.Model.New);
    }

    [Fact]
    public void Parse_EverySortOfSetting_IsBound()
    {
        var recipe = Parse("""
            name: walks
            description: "yes"
            seeds: [1, 9223372036854775807]
            model: { path: ~, new: { n_layer: 2, nested: { list: [1.50, 'x', null, true] } }, frozen: true }
            loop: { maxSteps: 20, rate: 5.0e-6, bits: 16, onTooLong: truncate-left, bestMetric: loss, limit: null }
            objective: { kind: dpo, betas: 3, scale: -2 }
            weights: { "a.b": 1, c: .5 }
            stages: [{ name: first, modes: [skip, error] }, { name: second, modes: skip }]
            """);

        Assert.Equal("yes", recipe.Description);
        Assert.Equal([1L, long.MaxValue], recipe.Seeds);
        Assert.True(recipe.Model.Frozen);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "n_layer": 2, "nested": { "list": [1.50, "x", null, true] } }"""), recipe.Model.New));
        Assert.Equal(
            new SampleLoop { MaxSteps = 20, SaveEvery = 7, Rate = 5e-6, Bits = 16, OnTooLong = SampleTooLong.TruncateLeft, BestMetric = "loss", Limit = null },
            recipe.Loop);
        var dpo = Assert.IsType<SampleDpo>(recipe.Objective);
        Assert.Equal([3.0], dpo.Betas);
        Assert.Equal(-2, dpo.Scale);
        Assert.Equal([("a.b", 1), ("c", 0.5)], recipe.Weights.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([SampleTooLong.Skip, SampleTooLong.Error], recipe.Stages[0].Modes);
        Assert.Equal([SampleTooLong.Skip], recipe.Stages[1].Modes);
    }

    [Fact]
    public void Parse_ManyMistakes_TellsAllOfThemWithTheirLines()
    {
        var error = Assert.Throws<RecipeException>(() => Parse("""
            name: Walks
            modle: {}
            loop:
              maxStep: 20
              saveEvery: 1.5
              rate: 1
              bits: 12
              onTooLong: truncat-left
              saveEvery: 3
            objective:
              kind: ilqk
            weights: [1]
            seeds: [1, x, -1]
            stages:
              - modes: [skip, { a: 1 }]
            """, "--set loop.limit=high", "--set loop.rates=2"));

        Assert.Equal(
            [
                "r.yaml:1: the required key 'model' is missing.",
                "r.yaml:1: 'name' is 'Walks', expected text of the form [a-z][a-z0-9-]*.",
                "r.yaml:2: unknown key 'modle'. Did you mean 'model'? "
                    + "Allowed: description, loop, model, name, objective, seeds, stages, variants, weights.",
                "r.yaml:4: unknown key 'loop.maxStep'. Did you mean 'maxSteps'? Allowed: bestMetric, bits, limit, maxSteps, onTooLong, rate, saveEvery.",
                "r.yaml:5: 'loop.saveEvery' is '1.5', expected a whole number.",
                "r.yaml:6: 'loop.rate' is 1, expected greater than 0 and less than 1.",
                "r.yaml:7: 'loop.bits' is 12, expected one of: 8, 16, 32.",
                "r.yaml:8: 'loop.onTooLong' is 'truncat-left'. Did you mean 'truncate-left'? Allowed: error, skip, truncate-left.",
                "r.yaml:9: key 'saveEvery' is given twice, first in line 5.",
                "r.yaml:11: 'objective.kind' is 'ilqk'. Did you mean 'ilql'? Allowed: dpo, ilql.",
                "r.yaml:12: 'weights' is a list, expected a section.",
                "r.yaml:13: 'seeds[1]' is 'x', expected a whole number.",
                "r.yaml:15: the required key 'stages[0].name' is missing.",
                "r.yaml:15: 'stages[0].modes[1]' is a section, expected one of the names allowed.",
                "--set loop.limit=high: 'loop.limit' is 'high', expected a number.",
                "--set loop.rates=2: unknown key 'loop.rates'. Did you mean 'rate'? Allowed: bestMetric, bits, limit, maxSteps, onTooLong, rate, saveEvery.",
            ],
            error.Errors);
        Assert.Equal(string.Join('\n', error.Errors), error.Message);
        Assert.IsAssignableFrom<InputException>(error);
    }

    [Theory]
    [InlineData("seeds: [1, -1]", "r.yaml:3: 'seeds[1]' is -1, expected at least 0.")]
    [InlineData("seeds: -1", "r.yaml:3: 'seeds[0]' is -1, expected at least 0.")]
    [InlineData("seeds: []", "r.yaml:3: 'seeds' is a list of 0, expected at least 1 entries.")]
    [InlineData("seeds: 9223372036854775808", "r.yaml:3: 'seeds[0]' is '9223372036854775808', expected a whole number.")]
    [InlineData("loop: { maxSteps: 2147483648 }", "r.yaml:3: 'loop.maxSteps' is '2147483648', expected a whole number.")]
    [InlineData("loop: { maxSteps: '3' }", "r.yaml:3: 'loop.maxSteps' is '3', expected a whole number.")]
    [InlineData("loop: { rate: .nan }", "r.yaml:3: 'loop.rate' is .nan, expected greater than 0 and less than 1.")]
    [InlineData("loop: { limit: 1e999 }", "r.yaml:3: 'loop.limit' is '1e999', expected a number.")]
    [InlineData("loop: { maxSteps: }", "r.yaml:3: 'loop.maxSteps' is empty, expected a whole number.")]
    [InlineData("loop:\n  maxSteps: 5\n  saveEvery: 6", "r.yaml:5: 'loop': saveEvery is greater than maxSteps: nothing would be saved.")]
    [InlineData("loop:\n  maxSteps: 5", "r.yaml:4: 'loop': saveEvery is greater than maxSteps: nothing would be saved.")]
    [InlineData("objective: { tau: 0.5 }", "r.yaml:3: the required key 'objective.kind' is missing. Allowed: dpo, ilql.")]
    [InlineData("objective: { kind: dpo, tau: 0.5 }", "r.yaml:3: unknown key 'objective.tau'. Allowed: betas, inner, kind, scale.")]
    [InlineData("objective: { kind: dpo, betas: [1, 0] }", "r.yaml:3: 'objective.betas[1]' is 0, expected greater than 0.")]
    [InlineData("objective: { kind: [dpo] }", "r.yaml:3: 'objective.kind' is a list, expected a text.")]
    [InlineData("model2: !!str 3", "r.yaml:3: has the tag 'tag:yaml.org,2002:str'. Tags are not part of recipes: take it out, and put text in quotation marks.")]
    [InlineData("<<: *a", "r.yaml:3: merge keys ('<<') are not part of recipes. Give the section an anchor and use it whole ('*name'), or make a variant.")]
    [InlineData("loop: *lop", "r.yaml:3: unknown anchor 'lop'. Nothing is allowed here.")]
    [InlineData("? [a]\n: 1", "r.yaml:3: a key is a list, a section or an alias; keys are plain words.")]
    [InlineData("---\nname: b", "r.yaml:3: a second document starts here; a recipe is one document.")]
    [InlineData("weights: { a: }", "r.yaml:3: 'weights.a' is empty, expected a number.")]
    public void Parse_OneMistake_IsToldWithItsLine(string line, string expected) =>
        Assert.Equal([expected], Assert.Throws<RecipeException>(() => Parse($"{Minimal}{line}\n")).Errors);

    [Theory]
    [InlineData("", "r.yaml:1: the required key 'name' is missing.")]
    [InlineData("# nothing\n", "r.yaml:1: the required key 'name' is missing.")]
    [InlineData("- a", "r.yaml:1: the recipe is a list, expected a section.")]
    [InlineData("hello", "r.yaml:1: the recipe is 'hello', expected a section.")]
    public void Parse_NoSection_IsAnError(string yaml, string expected) =>
        Assert.Equal(expected, Assert.Throws<RecipeException>(() => Parse(yaml)).Errors[0]);

    [Theory]
    [InlineData("name: a\nloop:\n  maxSteps: 3\n rate: 1\n", "r.yaml:4: is not valid YAML: ")]
    [InlineData("name: [a\nmodel: {}\n", "r.yaml:1: is not valid YAML here or below: a bracket or the indentation is wrong.")]
    [InlineData("name: \"a\n", "r.yaml:1: is not valid YAML up to line 2: ")]
    [InlineData("name: a\n\tmodel: {}\n", "r.yaml:1: is not valid YAML up to line 2: ")]
    public void Parse_NotYaml_NamesTheLine(string yaml, string start) =>
        Assert.StartsWith(start, Assert.Single(Assert.Throws<RecipeException>(() => Parse(yaml)).Errors));

    [Fact]
    public void Parse_AnchorAndAlias_AreTheSameValue()
    {
        var recipe = Parse("name: &n walks\nmodel: { path: *n, new: &m { a: [1] } }\nstages: [{ name: *n }]\n");

        Assert.Equal("walks", recipe.Model.Path);
        Assert.Equal("walks", recipe.Stages[0].Name);
    }

    [Fact]
    public void Parse_AliasesThatGrowExponentially_AreRefused()
    {
        var levels = Enumerable.Range(1, 20).Select(i => $"  l{i}: &l{i} [{string.Join(", ", Enumerable.Repeat($"*l{i - 1}", 10))}]");
        var bomb = $"{Minimal}weights:\n  l0: &l0 [x]\n{string.Join('\n', levels)}\n";

        Assert.Equal(
            ["r.yaml:9: has more than 100000 values with all aliases written out, more than a recipe may have."],
            Assert.Throws<RecipeException>(() => Parse(bomb)).Errors);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(40)]
    public void Parse_DeepNesting_IsRefused(int levels) => Assert.Equal(
        ["r.yaml:3: is nested more than 32 levels deep."],
        Assert.Throws<RecipeException>(() => Parse($"{Minimal}weights: {new string('[', levels)}")).Errors);

    [Fact]
    public void Parse_DeepAliases_AreRefused()
    {
        var levels = Enumerable.Range(1, 40).Select(i => $"  l{i}: &l{i} [*l{i - 1}]");

        var error = Assert.Throws<RecipeException>(() => Parse($"{Minimal}weights:\n  l0: &l0 [x]\n{string.Join('\n', levels)}\n"));

        Assert.EndsWith("is nested more than 32 levels deep.", Assert.Single(error.Errors));
    }

    [Fact]
    public void Parse_TooManyCharacters_IsRefused() => Assert.Equal(
        ["r.yaml:1: has more than the 1048576 characters that a recipe may have."],
        Assert.Throws<RecipeException>(() => Parse(new string(' ', 1 << 21))).Errors);

    [Fact]
    public void Read_File_NamesItInErrorsAsGiven()
    {
        using var folder = TestFiles.NewFolder();
        var path = folder.File("r.yaml");
        File.WriteAllText(path, "\uFEFFname: a\nmodel: {}\nloops: {}\n");

        Assert.StartsWith($"{path}:3: unknown key 'loops'.", Assert.Throws<RecipeException>(() => RecipeReader.Read<SampleRecipe>(path, [])).Message);

        File.WriteAllText(path, "name: ä\nmodel: {}\n", System.Text.Encoding.Latin1);
        Assert.Equal($"'{path}' is not a recipe: it holds bytes that are not UTF-8 text.", Message(path));
        Assert.Equal($"The recipe '{path}x' does not exist.", Message($"{path}x"));
        Assert.StartsWith($"The recipe '{folder.Path}' could not be read: ", Message(folder.Path));
        File.WriteAllBytes(path, new byte[1 << 21]);
        Assert.Equal($"'{path}' has more than the 1048576 bytes that a recipe may have.", Message(path));

        static string Message(string path) => Assert.ThrowsAny<InputException>(() => RecipeReader.Read<SampleRecipe>(path, [])).Message;
    }

    internal static SampleRecipe Parse(string yaml, params string[] overrides) =>
        RecipeReader.Parse<SampleRecipe>(yaml, "r.yaml", [.. overrides.Select(argument => argument.Replace("--set ", string.Empty))]);
}
