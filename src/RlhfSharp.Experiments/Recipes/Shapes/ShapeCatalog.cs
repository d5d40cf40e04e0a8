using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Works out shapes of types.</summary>
/// <remarks>A recipe is made of sealed records with <c>init</c> properties and without constructor parameters; abstract records among their
/// types are unions. What a recipe's type cannot have is an <see cref="ArgumentException"/>: the programmer's mistake, not the user's.</remarks>
/// <param name="assemblies">Where kinds of unions are looked for besides the union's own assembly.</param>
internal sealed class ShapeCatalog(IEnumerable<Assembly> assemblies)
{
    private readonly Assembly[] _assemblies = [.. assemblies];
    private readonly Dictionary<Type, Shape> _shapes = [];
    private readonly List<Type> _open = [];

    public static ShapeCatalog For(Type recipe, IEnumerable<Assembly>? assemblies) => new([recipe.Assembly, .. assemblies ?? []]);

    public RecordShape Record(Type type) => Get(type) as RecordShape
        ?? throw new ArgumentException($"{type} is not a sealed record with init properties.");

    private Shape Get(Type type)
    {
        if (_shapes.TryGetValue(type, out var known))
        {
            return known;
        }
        if (_open.Contains(type))
        {
            throw new ArgumentException($"{type} contains itself, which a recipe cannot.");
        }
        _open.Add(type);
        var shape = Make(type);
        _open.Remove(type);
        _shapes.Add(type, shape);
        return shape;
    }

    private Shape Make(Type type)
    {
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (generic == typeof(IReadOnlyList<>))
        {
            return new ListShape(type, Get(type.GenericTypeArguments[0]));
        }
        if (generic == typeof(IReadOnlyDictionary<,>) && type.GenericTypeArguments[0] == typeof(string))
        {
            return new DictionaryShape(type, Get(type.GenericTypeArguments[1]));
        }
        return ScalarShape.All.FirstOrDefault(scalar => scalar.Type == type) is { } known ? known
            : type.IsEnum ? Enumeration(type)
            : type == typeof(JsonNode) ? new AnyShape(type)
            : type == typeof(JsonObject) ? new JsonShape(type)
            : type.GetMethod("<Clone>$") is null ? throw new ArgumentException($"{type} is not a type that a recipe can hold.")
            : type.IsAbstract ? Union(type)
            : MakeRecord(type);
    }

    private static EnumShape Enumeration(Type type) => new(type, new OrderedDictionary<string, object>(
        Enum.GetNames(type).Select(name => KeyValuePair.Create(JsonNamingPolicy.KebabCaseLower.ConvertName(name), Enum.Parse(type, name)))));

    private UnionShape Union(Type type)
    {
        var kinds = new SortedDictionary<string, RecordShape>(StringComparer.Ordinal);
        foreach (var candidate in _assemblies.Append(type.Assembly).Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (candidate.IsSubclassOf(type) && candidate.GetCustomAttribute<RecipeKindAttribute>() is { } kind
                && !kinds.TryAdd(kind.Name, Record(candidate)))
            {
                throw new ArgumentException($"{candidate} and {kinds[kind.Name].Type} have the same kind '{kind.Name}'.");
            }
        }
        return new UnionShape(type, kinds);
    }

    private RecordShape MakeRecord(Type type)
    {
        if (!type.IsSealed || type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new ArgumentException($"{type} is not a sealed record with init properties.");
        }
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .OrderBy(property => BaseTypes(property.DeclaringType!))
            .ThenBy(property => property.MetadataToken)
            .Select(MakeProperty);
        return new RecordShape(type, [.. properties], type.GetCustomAttribute<RecipeKindAttribute>()?.Name);
    }

    private PropertyShape MakeProperty(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType);
        var isNullable = type is not null || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        return new PropertyShape(property, Get(type ?? property.PropertyType), isNullable);
    }

    private static int BaseTypes(Type type) => type.BaseType is null ? 0 : 1 + BaseTypes(type.BaseType);
}
