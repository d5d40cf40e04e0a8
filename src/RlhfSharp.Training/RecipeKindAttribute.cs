namespace RlhfSharp.Training;

/// <summary>The name by which a recipe asks for this kind of options, in the key <c>kind</c> of a section.</summary>
/// <param name="name">For instance <c>ilql</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RecipeKindAttribute(string name) : Attribute
{
    /// <summary>Gets the name.</summary>
    public string Name { get; } = name;
}
