using System.Text.Json.Nodes;
using NJsonSchema;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class RecipeSchemaTests
{
    private const string Good = """
        {
          "name": "walks", "seeds": [0, 1], "model": { "path": "a", "new": { "n_layer": 2 } },
          "loop": { "maxSteps": 20, "rate": 0.5, "bits": 8, "onTooLong": "truncate-left", "limit": null },
          "objective": { "kind": "dpo", "betas": 1, "inner": { "a": 3 } },
          "weights": { "a.b": 1.5 }, "stages": [{ "name": "first", "modes": ["skip"] }],
          "variants": [{ "name": "short", "set": { "loop.maxSteps": 3 } }]
        }
        """;

    private static readonly JsonObject Schema = RecipeSchema.Create(typeof(SampleRecipe));

    [Fact]
    public async Task Create_GoodRecipe_Passes() => Assert.Empty(await Validate(JsonNode.Parse(Good)!.AsObject()));

    [Theory]
    [InlineData("name", "3")]
    [InlineData("name", "\"Walks\"")]
    [InlineData("nam", "\"a\"")]
    [InlineData("seeds", "[]")]
    [InlineData("seeds", "[0.5]")]
    [InlineData("seeds", "-1")]
    [InlineData("model", "null")]
    [InlineData("model", "{ \"frozen\": 1 }")]
    [InlineData("loop", "{ \"maxStep\": 3 }")]
    [InlineData("loop", "{ \"maxSteps\": 0 }")]
    [InlineData("loop", "{ \"rate\": 1 }")]
    [InlineData("loop", "{ \"rate\": 0 }")]
    [InlineData("loop", "{ \"bits\": 9 }")]
    [InlineData("loop", "{ \"onTooLong\": \"truncateLeft\" }")]
    [InlineData("objective", "{ \"tau\": 0.5 }")]
    [InlineData("objective", "{ \"kind\": \"ppo\" }")]
    [InlineData("objective", "{ \"kind\": \"dpo\", \"tau\": 0.5 }")]
    [InlineData("objective", "{ \"kind\": \"dpo\", \"betas\": [0] }")]
    [InlineData("weights", "{ \"a\": \"b\" }")]
    [InlineData("stages", "[{ \"modes\": [] }]")]
    [InlineData("stages", "[{ \"name\": \"a\", \"extra\": 1 }]")]
    public async Task Create_BadRecipe_Fails(string key, string value)
    {
        var recipe = JsonNode.Parse(Good)!.AsObject();
        recipe[key] = JsonNode.Parse(value);

        Assert.NotEmpty(await Validate(recipe));
    }

    [Fact]
    public async Task Create_RequiredKeyIsMissing_Fails()
    {
        var recipe = JsonNode.Parse(Good)!.AsObject();
        recipe.Remove("model");

        Assert.NotEmpty(await Validate(recipe));
    }

    [Fact]
    public async Task Create_WhatTheWriterWrites_Passes()
    {
        var recipe = RecipeReaderTests.Parse("name: a\nmodel: {}");
        var json = JsonNodes.FromNode(YamlReader.ReadFile(RecipeWriter.ToYaml(recipe), "r.yaml", new RecipeErrors())!)!;

        Assert.Empty(await Validate(json.AsObject()));
    }

    [Fact]
    public void Create_Property_HasDescriptionDefaultAndRange()
    {
        Assert.Equal("http://json-schema.org/draft-07/schema#", (string?)Schema["$schema"]);
        var loop = Schema["properties"]!["loop"]!;
        Assert.Equal("Settings of the loop.", (string?)loop["description"]);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                { "type": "integer", "minimum": 1, "description": "The largest number of steps. From 1 up. The default is 1000.", "default": 1000 }
                """),
            loop["properties"]!["maxSteps"]), loop.ToJsonString());
        Assert.Equal(7, (int)loop["properties"]!["saveEvery"]!["default"]!);
        Assert.Equal("The name of the run; see SampleLoop.", (string?)Schema["properties"]!["name"]!["description"]);
    }

    [Fact]
    public void Create_Union_ListsItsKinds() => Assert.Equal(
        ["dpo", "ilql"], Schema["properties"]!["objective"]!["oneOf"]!.AsArray().Select(kind => (string?)kind!["properties"]!["kind"]!["const"]));

    [Fact]
    public void Create_RecipeOfTheProgram_DescribesEveryKey()
    {
        foreach (var (key, value) in RecipeSchema.Create(typeof(TrainingRecipe))["properties"]!.AsObject())
        {
            Assert.True(value!["description"] is not null, $"'{key}' has no description.");
        }
    }

    private static async Task<IEnumerable<string>> Validate(JsonObject recipe)
    {
        var schema = await JsonSchema.FromJsonAsync(Schema.ToJsonString());
        return schema.Validate(recipe.ToJsonString()).Select(error => error.ToString());
    }
}
