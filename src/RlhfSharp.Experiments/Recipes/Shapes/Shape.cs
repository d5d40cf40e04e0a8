namespace RlhfSharp.Experiments.Recipes;

/// <summary>What a recipe may hold at some place, worked out from a property's type.</summary>
/// <param name="Type">The type that is bound.</param>
/// <param name="Expected">What to write, for errors.</param>
internal abstract record Shape(Type Type, string Expected);

/// <summary>A number, text or truth value.</summary>
internal sealed record ScalarShape(Type Type, string Expected) : Shape(Type, Expected)
{
    public static readonly ScalarShape[] All =
    [
        new(typeof(int), "a whole number"),
        new(typeof(long), "a whole number"),
        new(typeof(double), "a number"),
        new(typeof(bool), "true or false"),
        new(typeof(string), "a text"),
    ];
}

/// <summary>An enumeration, written in kebab case.</summary>
/// <param name="Type">The type that is bound.</param>
/// <param name="Values">The values by name, in order of declaration.</param>
internal sealed record EnumShape(Type Type, OrderedDictionary<string, object> Values) : Shape(Type, "one of the names allowed")
{
    public string NameOf(object value) => Values.First(pair => pair.Value.Equals(value)).Key;
}

/// <summary>A list; a single scalar stands for a list of one.</summary>
internal sealed record ListShape(Type Type, Shape Element) : Shape(Type, "a list")
{
    public bool AcceptsSingle => Element is ScalarShape or EnumShape;
}

/// <summary>A section with keys of the user's choice.</summary>
internal sealed record DictionaryShape(Type Type, Shape Value) : Shape(Type, "a section");

/// <summary>Any value that is not empty, taken over as JSON.</summary>
internal sealed record AnyShape(Type Type) : Shape(Type, "a value");

/// <summary>A section that is taken over as JSON, whatever is in it.</summary>
internal sealed record JsonShape(Type Type) : Shape(Type, "a section");

/// <summary>A section whose keys are a record's properties.</summary>
/// <param name="Type">The type that is bound.</param>
/// <param name="Properties">In order of declaration, those of the base record first.</param>
/// <param name="Kind">The name of this record in its union; null when it is in none.</param>
internal sealed record RecordShape(Type Type, IReadOnlyList<PropertyShape> Properties, string? Kind) : Shape(Type, "a section")
{
    public PropertyShape? Find(string key) => Properties.FirstOrDefault(property => property.Key == key);

    public IEnumerable<string> Keys => Properties.Select(property => property.Key).Concat(Kind is null ? [] : [RecipeBinder.KindKey]);

    /// <summary>Makes a record with its defaults.</summary>
    /// <param name="template">The default of the property that it is for, copied when it is of this type.</param>
    public object Create(object? template) => template?.GetType() == Type
        ? Type.GetMethod("<Clone>$")!.Invoke(template, null)!
        : Activator.CreateInstance(Type)!;
}

/// <summary>A section whose key <c>kind</c> chooses among records.</summary>
/// <param name="Type">The type that is bound.</param>
/// <param name="Kinds">By kind, in order of the alphabet.</param>
internal sealed record UnionShape(Type Type, IReadOnlyDictionary<string, RecordShape> Kinds) : Shape(Type, "a section");
