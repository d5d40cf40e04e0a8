using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A key of a section.</summary>
/// <param name="Property">The property that it sets.</param>
/// <param name="Shape">What it may hold.</param>
/// <param name="IsNullable">Whether it may be empty.</param>
internal sealed record PropertyShape(PropertyInfo Property, Shape Shape, bool IsNullable)
{
    // By name: ScottPlot has a public type of the same name, so that the compiler cannot tell the two apart.
    private const string RequiredMember = "System.Runtime.CompilerServices.RequiredMemberAttribute";

    /// <summary>Gets the key.</summary>
    public string Key { get; } = JsonNamingPolicy.CamelCase.ConvertName(Property.Name);

    /// <summary>Gets whether the recipe must give it.</summary>
    public bool IsRequired { get; } = Property.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == RequiredMember);

    /// <summary>Gets what its attributes demand.</summary>
    public IReadOnlyList<ValidationAttribute> Rules { get; } = [.. Property.GetCustomAttributes<ValidationAttribute>()];
}
