using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>A condition that a trial must meet to count before all that do not; an entry of <c>sweep.bars</c>. One of <c>atLeast</c> and <c>atMost</c> is given.</summary>
public sealed record SweepBarOptions : IValidatableObject
{
    private const double Rounding = 1e-9;   // a bar that is met exactly must not be missed by the last bit of a product

    /// <summary>Gets the metric, one that evaluations on the way measure.</summary>
    public required string Metric { get; init; }

    /// <summary>Gets the lowest value that meets the bar.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Gets the highest value that meets the bar.</summary>
    public double? AtMost { get; init; }

    /// <summary>Gets a metric whose value before training the bound is multiplied by.</summary>
    /// <value>Null, the default: the bound stands as it is.</value>
    public string? OfStart { get; init; }

    /// <summary>Gets the bar in words.</summary>
    internal string Text => FormattableString.Invariant(
        $"{Metric} {(AtLeast is null ? "at most" : "at least")} {AtLeast ?? AtMost}{(OfStart is null ? string.Empty : $" × {OfStart} before training")}");

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AtLeast is null == AtMost is null)
        {
            yield return new ValidationResult("give exactly one of 'atLeast' and 'atMost'.");
        }
    }

    /// <summary>Says how far a value misses the bar, relative to the bound; 0 where it meets it.</summary>
    /// <param name="value">The metric's value.</param>
    /// <param name="start">The value before training of <see cref="OfStart"/>; not read where that is null.</param>
    internal double Shortfall(double value, double start)
    {
        var bound = (AtLeast ?? AtMost)!.Value * (OfStart is null ? 1 : start);
        var missing = (AtLeast is null ? value - bound : bound - value) / (bound == 0 ? 1 : Math.Abs(bound));
        return missing <= Rounding ? 0 : missing;
    }
}
