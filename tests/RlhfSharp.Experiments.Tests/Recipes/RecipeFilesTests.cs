using NJsonSchema;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.Recipes;

/// <summary>The recipes that come with the project.</summary>
public sealed class RecipeFilesTests
{
    public static IEnumerable<TheoryDataRow<string>> Recipes => Directory
        .GetFiles(Path.Combine(TestFiles.RepositoryRoot, "recipes"), "*.yaml")
        .Where(path => !Path.GetFileName(path).StartsWith("reward-map-", StringComparison.Ordinal))   // of rlhf map, read below
        .Order(StringComparer.Ordinal)
        .Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task Read_RecipeOfTheProject_ResolvesToItselfAndFitsTheSchema(string name)
    {
        var recipes = TrainingRecipe.ReadWithVariants(Path.Combine(TestFiles.RepositoryRoot, "recipes", name), []);
        var resolved = RecipeWriter.ToYaml(recipes[0].Recipe);

        Assert.Equal(Path.GetFileNameWithoutExtension(name), recipes[0].Recipe.Name);
        Assert.Equal(
            recipes.Select(row => (row.Variant, RecipeWriter.ToYaml(row.Recipe))),
            RecipeVariants.Parse<TrainingRecipe>(resolved, name, []).Select(row => (row.Variant, RecipeWriter.ToYaml(row.Recipe))));

        var schema = await JsonSchema.FromJsonAsync(RecipeSchema.Create(typeof(TrainingRecipe)).ToJsonString());
        var json = JsonNodes.FromNode(YamlReader.ReadFile(resolved, name, new RecipeErrors())!)!;
        Assert.Empty(schema.Validate(json.ToJsonString()));
    }

    public static IEnumerable<TheoryDataRow<string>> Maps => Directory
        .GetFiles(Path.Combine(TestFiles.RepositoryRoot, "recipes"), "reward-map-*.yaml")
        .Order(StringComparer.Ordinal)
        .Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    [Theory]
    [MemberData(nameof(Maps))]
    public async Task Read_MapOfTheProject_ResolvesToItselfAndFitsTheSchema(string name)
    {
        var recipe = RecipeReader.Read<MapRecipe>(Path.Combine(TestFiles.RepositoryRoot, "recipes", name), []);
        var resolved = RecipeWriter.ToYaml(recipe);

        Assert.Equal(Path.GetFileNameWithoutExtension(name), recipe.Name);
        Assert.Equal(resolved, RecipeWriter.ToYaml(RecipeReader.Parse<MapRecipe>(resolved, name, [])));
        var schema = await JsonSchema.FromJsonAsync(RecipeSchema.Create(typeof(MapRecipe)).ToJsonString());
        Assert.Empty(schema.Validate(JsonNodes.FromNode(YamlReader.ReadFile(resolved, name, new RecipeErrors())!)!.ToJsonString()));
    }
}
