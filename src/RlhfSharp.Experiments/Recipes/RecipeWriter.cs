namespace RlhfSharp.Experiments.Recipes;

/// <summary>Writes recipes fully resolved.</summary>
public static class RecipeWriter
{
    /// <summary>Writes a recipe as YAML: all settings, also those left at their defaults, in order of declaration.</summary>
    /// <param name="recipe">A recipe that <see cref="RecipeReader"/> could read.</param>
    /// <returns>The text; reading it gives an equal recipe, numbers to the last bit.</returns>
    /// <exception cref="ArgumentException">The type is not one of a recipe.</exception>
    public static string ToYaml(object recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return YamlWriter.Write(new RecipeFormatter(ShapeCatalog.For(recipe.GetType(), null)).Format(recipe));
    }
}
