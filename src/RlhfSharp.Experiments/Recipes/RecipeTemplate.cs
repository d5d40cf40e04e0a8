namespace RlhfSharp.Experiments.Recipes;

/// <summary>A recipe that is bound again and again, each time with other settings.</summary>
/// <typeparam name="T">The recipe's type.</typeparam>
internal sealed class RecipeTemplate<T>
    where T : class
{
    private readonly RecordShape _shape;
    private readonly MapNode _recipe;

    /// <param name="recipe">A recipe that <see cref="RecipeReader"/> could read.</param>
    public RecipeTemplate(T recipe)
    {
        var catalog = ShapeCatalog.For(typeof(T), null);
        (_shape, _recipe) = (catalog.Record(typeof(T)), new RecipeFormatter(catalog).Format(recipe));
    }

    /// <summary>Makes the recipe with some settings changed.</summary>
    /// <param name="overrides">What stands behind <c>--set</c>, in order.</param>
    /// <exception cref="RecipeException">The settings are unknown, wrong, or do not go together.</exception>
    public T Bind(IReadOnlyList<string> overrides)
    {
        var errors = new RecipeErrors();
        var recipe = new RecipeBinder(errors).Bind(Overrides.Apply(_recipe, overrides, errors), _shape);
        errors.ThrowIfAny();
        return (T)recipe!;
    }

    /// <summary>Writes settings as the sections of a recipe, in YAML.</summary>
    /// <param name="settings">What stands behind <c>--set</c>, in order.</param>
    public static string Sections(IReadOnlyList<string> settings) =>
        YamlWriter.Write(Overrides.Apply(new MapNode(Origin.OnCommandLine(string.Empty), []), settings, new RecipeErrors()));
}
