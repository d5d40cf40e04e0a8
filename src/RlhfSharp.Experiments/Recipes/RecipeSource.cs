using System.Reflection;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>The text of a recipe and where it comes from.</summary>
/// <param name="Name">What errors, <c>run.json</c> and the report call it: a path.</param>
/// <param name="Text">The YAML.</param>
public sealed record RecipeSource(string Name, string Text)
{
    /// <summary>Gets the command line that the report names to do it all again; null means <c>rlhf train</c> with the settings in use.</summary>
    public string? Command { get; init; }

    /// <summary>Gets the random walks, <c>recipes/random-walks-ilql.yaml</c>, which is part of the program so that it runs from any folder.</summary>
    public static RecipeSource RandomWalks => BuiltIn("recipes/random-walks-ilql.yaml");

    /// <summary>Gets the pink elephants, <c>recipes/pink-elephants-ilql.yaml</c>.</summary>
    public static RecipeSource PinkElephants => BuiltIn("recipes/pink-elephants-ilql.yaml");

    /// <summary>Gets the reward map of the built-in world, <c>recipes/reward-map-tinyworld.yaml</c>.</summary>
    public static RecipeSource RewardMap => BuiltIn("recipes/reward-map-tinyworld.yaml");

    /// <summary>Gets standard against iterated RLHF, <c>recipes/iterated-claims.yaml</c>.</summary>
    public static RecipeSource IteratedClaims => BuiltIn("recipes/iterated-claims.yaml");

    /// <summary>Reads a recipe's file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text under its path.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static RecipeSource Read(string path) => new(path.Replace('\\', '/'), RecipeReader.ReadText(path));

    private static RecipeSource BuiltIn(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return new RecipeSource(name, reader.ReadToEnd());
    }
}
