using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>The values among which a setting is searched; an entry of <c>sweep.parameters</c>. One of <c>values</c> and <c>range</c> is given.</summary>
public sealed record SweepParameterOptions : IValidatableObject
{
    private const double LargestWhole = 1L << 53;   // beyond it a double has no ones

    /// <summary>Gets the values, of any kind that the setting may have.</summary>
    public IReadOnlyList<JsonNode> Values { get; init; } = [];

    /// <summary>Gets the lowest and the highest number, both included.</summary>
    /// <value>Two numbers, the first smaller. Drawn numbers have four significant digits.</value>
    public IReadOnlyList<double> Range { get; init; } = [];

    /// <summary>Gets how numbers are drawn from the range.</summary>
    /// <value>The default is linear.</value>
    public SweepScale Scale { get; init; } = SweepScale.Linear;

    /// <summary>Gets whether only whole numbers are drawn.</summary>
    /// <value>The default is false.</value>
    public bool Integer { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Values.Count > 0 == Range.Count > 0)
        {
            yield return new ValidationResult("give exactly one of 'values', a list with at least one entry, and 'range', two numbers.");
        }
        else if (Values.Count > 0 && (Scale != SweepScale.Linear || Integer))
        {
            yield return new ValidationResult("'scale' and 'integer' are about a range; values are taken as they are.", [nameof(Scale), nameof(Integer)]);
        }
        else if (Range.Count > 0 && Problem() is { } problem)
        {
            yield return new ValidationResult(problem, [nameof(Range)]);
        }
    }

    private string? Problem() => FormattableString.Invariant($"[{string.Join(", ", Range)}]") switch
    {
        var range when Range.Count != 2 || !Range.All(double.IsFinite) => $"the range is {range}, expected two finite numbers.",
        var range when Range[0] >= Range[1] => $"the range {range} is empty; the first number must be smaller than the second.",
        var range when Scale == SweepScale.Log && Range[0] <= 0 => $"the range is {range}; on a log scale it must begin above 0.",
        var range when Integer && !Range.All(end => end == Math.Floor(end) && Math.Abs(end) <= LargestWhole) => $"the range is {range}; with 'integer' its ends must be whole numbers.",
        _ => null,
    };
}
