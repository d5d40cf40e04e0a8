using System.Reflection;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Reads recipes together with their variants.</summary>
/// <remarks>A variant is <c>{ name, set }</c> in the recipe's list <c>variants</c>, where <c>set</c> maps dotted keys to values:
/// <c>variants: [{ name: never, set: { objective.targetSync: never } }]</c>. A variant's recipe is the file's, then what the variant sets, then
/// the overrides, and has no variants itself.</remarks>
public static class RecipeVariants
{
    private const string VariantsKey = "variants";
    private const string NameKey = "name";
    private const string SetKey = "set";

    /// <summary>Reads a recipe and its variants from a file.</summary>
    /// <typeparam name="T">The recipe's type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="overrides">See <see cref="RecipeReader.Read"/>; they apply to the recipe and to every variant.</param>
    /// <param name="kinds">See <see cref="RecipeReader.Read"/>.</param>
    /// <returns>The recipe under the empty name, then its variants in order. In the recipe, what variants set is resolved: written out and read
    /// again without overrides, it gives the same recipes.</returns>
    /// <exception cref="RecipeException">There are errors; all of them are told, those of a variant with its name.</exception>
    /// <exception cref="Models.Runtime.InputException">The file cannot be read.</exception>
    public static IReadOnlyList<(string Variant, T Recipe)> Read<T>(
        string path, IReadOnlyList<string> overrides, IReadOnlyList<Assembly>? kinds = null)
        where T : class => Parse<T>(RecipeReader.ReadText(path), path, overrides, kinds);

    /// <summary>Reads a recipe and its variants from text.</summary>
    /// <typeparam name="T">The recipe's type.</typeparam>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <param name="overrides">See <see cref="Read"/>.</param>
    /// <param name="kinds">See <see cref="RecipeReader.Read"/>.</param>
    /// <returns>See <see cref="Read"/>.</returns>
    /// <exception cref="RecipeException">There are errors; all of them are told, those of a variant with its name.</exception>
    public static IReadOnlyList<(string Variant, T Recipe)> Parse<T>(
        string yaml, string fileName, IReadOnlyList<string> overrides, IReadOnlyList<Assembly>? kinds = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var catalog = ShapeCatalog.For(typeof(T), kinds);
        var shape = catalog.Record(typeof(T));
        var errors = new RecipeErrors();
        var binder = new RecipeBinder(errors);
        if (YamlReader.ReadFile(yaml, fileName, errors) is not MapNode file)
        {
            // Not YAML, or no section: binding says which.
            return [(string.Empty, RecipeReader.Parse<T>(yaml, fileName, overrides, kinds))];
        }
        var whole = (MapNode)Overrides.Apply(file, overrides, errors);
        var recipe = binder.Bind(whole, shape);
        var variants = Find(whole, errors);
        var alone = file.Without(VariantsKey);
        string[] shared = [.. overrides.Where(argument => !Overrides.IsAbout(argument, VariantsKey))];
        var bound = variants.ConvertAll(variant => binder.Bind(Overrides.Apply(Apply(variant, alone, errors), shared, errors), shape));
        errors.ThrowIfAny();
        if (variants.Count > 0)
        {
            var differences = new RecipeFormatter(catalog);
            var withoutVariants = binder.Bind(whole.Without(VariantsKey), shape)!;
            recipe = binder.Bind(Resolve(whole, bound.ConvertAll(one => differences.Differences(withoutVariants, one!)), errors), shape);
        }
        return [(string.Empty, (T)recipe!), .. variants.Zip(bound, (variant, one) => (variant.Name, (T)one!))];
    }

    // A variant without a name or settings is among the errors already.
    private static List<Variant> Find(MapNode recipe, RecipeErrors errors)
    {
        var variants = new List<Variant>();
        foreach (var item in recipe.Find(VariantsKey)?.Value is ListNode list ? list.Items.OfType<MapNode>() : [])
        {
            if (item.Find(NameKey)?.Value is ScalarNode { IsNull: false } name && item.Find(SetKey)?.Value is MapNode set)
            {
                if (variants.Exists(variant => variant.Name == name.Text))
                {
                    errors.Add(name.Origin, $"there are two variants called {name.Description}.");
                }
                variants.Add(new Variant(name.Text, set));
            }
        }
        return variants;
    }

    private static RecipeNode Apply(Variant variant, RecipeNode recipe, RecipeErrors errors)
    {
        foreach (var setting in variant.Set.Entries)
        {
            var origin = setting.Origin.InVariant(variant.Name);
            if (SettingPath.Parse(setting.Key) is not { } path)
            {
                errors.Add(origin, $"'{setting.Key}' is not a key; expected one such as loop.maxSteps or seeds[0].");
            }
            else if (path[0].Text == VariantsKey)
            {
                errors.Add(origin, "a variant cannot have variants.");
            }
            else
            {
                recipe = Overrides.Set(recipe, path, setting.Value.Move(given => given.InVariant(variant.Name)), origin, errors);
            }
        }
        return recipe;
    }

    private static RecipeNode Resolve(RecipeNode recipe, List<MapNode> sets, RecipeErrors errors)
    {
        for (var i = 0; i < sets.Count; i++)
        {
            recipe = Overrides.Set(recipe, SettingPath.Parse($"{VariantsKey}[{i}].{SetKey}")!, sets[i], sets[i].Origin, errors);
        }
        return recipe;
    }

    private sealed record Variant(string Name, MapNode Set);
}
