using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>How the types of recipes look from outside: keys, enum values, kinds.</summary>
internal static class RecipeTypes
{
    public const string KindKey = "kind";

    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<string, Type>> KindsOf = new();

    /// <summary>Lists the keys of a section in the order in which they are declared.</summary>
    public static IReadOnlyList<PropertyInfo> Properties(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)];

    /// <summary>Names a property or an enum value as recipes do: camelCase for keys.</summary>
    public static string Key(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>Names an enum value as recipes do: kebab-case.</summary>
    public static string Key(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Lists the kinds of a union: an abstract record whose derived records carry <see cref="RecipeKindAttribute"/>.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds(Type union) => KindsOf.GetOrAdd(union, type =>
        new[] { typeof(RecipeKindAttribute).Assembly, typeof(RecipeTypes).Assembly, type.Assembly }
            .Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(candidate => candidate.IsSubclassOf(type) && candidate.GetCustomAttribute<RecipeKindAttribute>() is not null)
            .OrderBy(candidate => candidate.GetCustomAttribute<RecipeKindAttribute>()!.Name, StringComparer.Ordinal)
            .ToDictionary(candidate => candidate.GetCustomAttribute<RecipeKindAttribute>()!.Name));

    /// <summary>Names the kind of a record; null where it belongs to no union.</summary>
    public static string? Kind(Type type) => type.GetCustomAttribute<RecipeKindAttribute>()?.Name;

    /// <summary>Finds the element type of a list; null where the type is no list.</summary>
    public static Type? Element(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>Says whether a value of the type is written as one word or number.</summary>
    public static bool IsScalar(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain.IsPrimitive || plain.IsEnum || plain == typeof(string));
}
