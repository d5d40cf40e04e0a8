using RlhfSharp.Models.Runtime;
using YamlDotNet.RepresentationModel;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Reads recipes: YAML bound to typed records, with every mistake reported at once.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe.</summary>
    /// <typeparam name="T">The recipe's record.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Settings on top of the file, each <c>a.b=c</c> with c as YAML.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="InputException">The file does not exist.</exception>
    /// <exception cref="RecipeException">The recipe has mistakes.</exception>
    public static T Read<T>(string path, IReadOnlyList<string> overrides) => Parse<T>(ReadText(path), Path.GetFileName(path), overrides);

    /// <summary>Reads a recipe from a text.</summary>
    /// <typeparam name="T">The recipe's record.</typeparam>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">What to call it in errors.</param>
    /// <param name="overrides">Settings on top, each <c>a.b=c</c> with c as YAML.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">The recipe has mistakes.</exception>
    public static T Parse<T>(string yaml, string fileName, IReadOnlyList<string> overrides)
    {
        var nodes = RecipeNodes.Parse(yaml, fileName);
        Override(nodes, overrides);
        return new RecipeBinder(nodes).Bind<T>();
    }

    /// <summary>Reads a training recipe and its variants.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">What to call it in errors.</param>
    /// <param name="overrides">Settings on top of the file and of every variant.</param>
    /// <returns>The recipe under the empty name, then its variants.</returns>
    /// <exception cref="RecipeException">The recipe or a variant has mistakes.</exception>
    public static IReadOnlyList<(string Variant, TrainingRecipe Recipe)> ParseWithVariants(string yaml, string fileName, IReadOnlyList<string> overrides)
    {
        var recipe = Parse<TrainingRecipe>(yaml, fileName, overrides);
        if (recipe.Variants.CountBy(variant => variant.Name).FirstOrDefault(group => group.Value > 1).Key is { } twice)
        {
            throw new RecipeException([$"{fileName}: two variants are called '{twice}'."]);
        }
        return [(string.Empty, recipe), .. recipe.Variants.Select(variant => (variant.Name, Variant(yaml, fileName, overrides, variant)))];
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The text.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The recipe '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static TrainingRecipe Variant(string yaml, string fileName, IReadOnlyList<string> overrides, RecipeVariant variant)
    {
        var nodes = RecipeNodes.Parse(yaml, fileName);
        nodes.Root.Children.Remove(new YamlScalarNode("variants"));
        foreach (var (key, value) in variant.Set)
        {
            nodes.Set(key, value?.ToJsonString() ?? "null", $"{fileName}: variant '{variant.Name}'");
        }
        Override(nodes, [.. overrides.Where(setting => !setting.StartsWith("variants", StringComparison.Ordinal))]);
        return new RecipeBinder(nodes).Bind<TrainingRecipe>();
    }

    private static void Override(RecipeNodes nodes, IReadOnlyList<string> overrides)
    {
        foreach (var setting in overrides)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new RecipeException([$"--set {setting}: expected key=value, for instance --set loop.maxSteps=20."]);
            }
            nodes.Set(setting[..equals].Trim(), setting[(equals + 1)..], $"--set {setting}");
        }
    }
}
