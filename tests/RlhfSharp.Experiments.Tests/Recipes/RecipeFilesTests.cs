using NJsonSchema;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.Recipes;

/// <summary>The recipes that come with the project. Those of other commands than <c>rlhf train</c> begin with a word of their own.</summary>
public sealed class RecipeFilesTests
{
    private const string Iterated = "iterated-";
    private const string Gold = "iterated-gold.yaml";   // a reward model like any other
    private const string Map = "reward-map-";

    private static readonly string Folder = Path.Combine(TestFiles.RepositoryRoot, "recipes");

    public static IEnumerable<TheoryDataRow<string>> Recipes => Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task Read_RecipeOfTheProject_ResolvesToItselfAndFitsTheSchema(string name) => await (
        name != Gold && name.StartsWith(Iterated, StringComparison.Ordinal) ? ResolvesToItself<IterationRecipe>(name, recipe => recipe.Name) :
        name.StartsWith(Map, StringComparison.Ordinal) ? ResolvesToItself<MapRecipe>(name, recipe => recipe.Name) :
        ResolvesToItself<TrainingRecipe>(name, recipe => recipe.Name));

    private static async Task ResolvesToItself<T>(string file, Func<T, string> name)
        where T : class
    {
        var recipes = RecipeVariants.Read<T>(Path.Combine(Folder, file), []);
        var resolved = RecipeWriter.ToYaml(recipes[0].Recipe);

        Assert.Equal(Path.GetFileNameWithoutExtension(file), name(recipes[0].Recipe));
        Assert.Equal(
            recipes.Select(row => (row.Variant, RecipeWriter.ToYaml(row.Recipe))),
            RecipeVariants.Parse<T>(resolved, file, []).Select(row => (row.Variant, RecipeWriter.ToYaml(row.Recipe))));

        var schema = await JsonSchema.FromJsonAsync(RecipeSchema.Create(typeof(T)).ToJsonString());
        var json = JsonNodes.FromNode(YamlReader.ReadFile(resolved, file, new RecipeErrors())!)!;
        Assert.Empty(schema.Validate(json.ToJsonString()));
    }
}
