using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.Tests.Recipes;

/// <summary>A recipe with one setting of every sort.</summary>
public sealed record SampleRecipe
{
    /// <summary>Gets the name of the <c>run</c>; see <see cref="SampleLoop"/>.</summary>
    [RegularExpression("[a-z][a-z0-9-]*")]
    public required string Name { get; init; }

    public string Description { get; init; } = string.Empty;

    [MinLength(1)]
    [Range(0, long.MaxValue)]
    public IReadOnlyList<long> Seeds { get; init; } = [0];

    public required SampleModel Model { get; init; }

    public SampleLoop Loop { get; init; } = new() { SaveEvery = 7 };

    public SampleObjective Objective { get; init; } = new SampleIlql();

    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    public IReadOnlyList<SampleStage> Stages { get; init; } = [];

    public IReadOnlyList<RecipeVariant> Variants { get; init; } = [];
}

public sealed record SampleModel
{
    public string? Path { get; init; }

    public JsonObject? New { get; init; }

    public bool Frozen { get; init; }
}

/// <summary>Settings of the loop.</summary>
public sealed record SampleLoop : IValidatableObject
{
    /// <summary>Gets the largest number of steps.</summary>
    /// <value>From 1 up. The default is 1000.</value>
    [Range(1, int.MaxValue)]
    public int MaxSteps { get; init; } = 1000;

    [Range(0, int.MaxValue)]
    public int SaveEvery { get; init; } = 500;

    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Rate { get; init; } = 1e-8;

    [AllowedValues(8, 16, 32)]
    public int Bits { get; init; } = 32;

    public SampleTooLong OnTooLong { get; init; } = SampleTooLong.Error;

    public string? BestMetric { get; init; }

    public double? Limit { get; init; } = 3;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SaveEvery > MaxSteps)
        {
            yield return new ValidationResult("saveEvery is greater than maxSteps: nothing would be saved.", [nameof(SaveEvery)]);
        }
    }
}

public enum SampleTooLong
{
    Error,
    TruncateLeft,
    Skip,
}

public sealed record SampleStage
{
    public required string Name { get; init; }

    public IReadOnlyList<SampleTooLong> Modes { get; init; } = [];
}

public abstract record SampleObjective
{
    public double Scale { get; init; } = 1;
}

[RecipeKind("ilql")]
public sealed record SampleIlql : SampleObjective
{
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Tau { get; init; } = 0.7;
}

[RecipeKind("dpo")]
public sealed record SampleDpo : SampleObjective
{
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public IReadOnlyList<double> Betas { get; init; } = [0.1];

    public SampleInner Inner { get; init; } = new();
}

public sealed record SampleInner
{
    public int A { get; init; } = 1;

    public int B { get; init; } = 2;
}
