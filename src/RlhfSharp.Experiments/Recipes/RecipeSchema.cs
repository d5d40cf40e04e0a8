using System.Reflection;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Describes recipes to editors, which then complete keys, show what they mean and underline mistakes.</summary>
public static class RecipeSchema
{
    /// <summary>Makes the JSON Schema (draft 7, the one that editors know best) of a recipe.</summary>
    /// <param name="type">The recipe's type.</param>
    /// <param name="kinds">Assemblies with further kinds, see <see cref="RecipeReader.Read"/>.</param>
    /// <returns>The schema: descriptions from the XML documentation where it lies beside the program, defaults, ranges, names, kinds.</returns>
    /// <exception cref="ArgumentException">The type is not one of a recipe.</exception>
    public static JsonObject Create(Type type, IReadOnlyList<Assembly>? kinds = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        var catalog = ShapeCatalog.For(type, kinds);
        var shape = catalog.Record(type);
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = type.Name };
        foreach (var (key, value) in new SchemaBuilder(new RecipeFormatter(catalog)).Record(shape, template: null))
        {
            schema[key] = value?.DeepClone();
        }
        return schema;
    }
}
