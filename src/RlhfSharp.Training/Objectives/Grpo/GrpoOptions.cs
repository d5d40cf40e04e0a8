using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of group-relative policy optimisation; recipe section <c>objective</c> with <c>kind: grpo</c>. Defaults are TRL's.</summary>
[RecipeKind("grpo")]
public sealed record GrpoOptions : PolicyGradientOptions
{
    /// <summary>Initializes the settings.</summary>
    public GrpoOptions() => KlCoefficient = 0;

    /// <summary>Gets the number of samples per prompt.</summary>
    /// <value>From 2 up. The default is 8.</value>
    [Range(2, 10_000)]
    public int SamplesPerPrompt { get; init; } = 8;

    /// <summary>Gets by what the advantages are divided.</summary>
    /// <value>The default is group.</value>
    public AdvantageScale ScaleRewards { get; init; } = AdvantageScale.Group;

    /// <summary>Gets how the losses of tokens are averaged.</summary>
    /// <value>The default is dapo.</value>
    public GrpoLoss LossType { get; init; } = GrpoLoss.Dapo;

    /// <summary>Gets how far above 1 a ratio counts.</summary>
    /// <value>Above 0; null, the default, means as far as below. DAPO has 0.28.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? ClipRangeHigh { get; init; }

    internal override int Samples => SamplesPerPrompt;
}
