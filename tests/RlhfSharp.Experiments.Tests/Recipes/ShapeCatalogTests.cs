using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class ShapeCatalogTests
{
    [Theory]
    [InlineData(typeof(NotSealed))]
    [InlineData(typeof(WithParameters))]
    [InlineData(typeof(Recursive))]
    [InlineData(typeof(WithDate))]
    [InlineData(typeof(WithTwins))]
    [InlineData(typeof(string))]
    public void Record_TypeThatNoRecipeCanHave_IsTheProgrammersMistake(Type type) =>
        Assert.Throws<ArgumentException>(() => ShapeCatalog.For(type, null).Record(type));

    public record NotSealed;

    public sealed record WithParameters(int A);

    public sealed record Recursive
    {
        public IReadOnlyList<Recursive> Children { get; init; } = [];
    }

    public sealed record WithDate
    {
        public DateTimeOffset Date { get; init; }
    }

    public sealed record WithTwins
    {
        public required Twin Twin { get; init; }
    }

    public abstract record Twin;

    [RecipeKind("twin")]
    public sealed record FirstTwin : Twin;

    [RecipeKind("twin")]
    public sealed record SecondTwin : Twin;
}
