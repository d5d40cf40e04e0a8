using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of proximal policy optimisation; recipe section <c>objective</c> with <c>kind: ppo</c>. Defaults are TRL's where nothing else is said.</summary>
[RecipeKind("ppo")]
public sealed record PpoOptions : PolicyGradientOptions
{
    /// <summary>Initializes the settings.</summary>
    public PpoOptions() => UpdateEpochs = 4;

    /// <summary>Gets the number of samples per prompt, which share the prompt wherever they are read.</summary>
    /// <value>From 1 up. The default is 1 (OpenRLHF: <c>n_samples_per_prompt</c>).</value>
    [Range(1, 10_000)]
    public int SamplesPerPrompt { get; init; } = 1;

    /// <summary>Gets γ, the discount of later rewards.</summary>
    /// <value>0 to 1. The default is 1.</value>
    [Range(0.0, 1.0)]
    public double Gamma { get; init; } = 1;

    /// <summary>Gets λ of the generalised advantages.</summary>
    /// <value>0 to 1. The default is 0.95.</value>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 0.95;

    /// <summary>Gets how far a value may move from what it was when the samples were drawn and still count.</summary>
    /// <value>Above 0. The default is 0.2.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double ClipRangeValue { get; init; } = 0.2;

    /// <summary>Gets the weight of the value loss.</summary>
    /// <value>0 or more. The default is 0.1 (trlX: 1).</value>
    [Range(0.0, double.MaxValue)]
    public double VfCoefficient { get; init; } = 0.1;

    /// <summary>Gets how the divergence from the start is estimated in the rewards.</summary>
    /// <value>The default is k1.</value>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K1;

    /// <summary>Gets the divergence per sample that the penalty's weight is moved towards.</summary>
    /// <value>Above 0, in nats; null, the default, keeps the weight.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? KlTarget { get; init; }

    /// <summary>Gets over how many samples the weight moves.</summary>
    /// <value>Above 0. The default is 10000 (trlX). Without a target nothing reads it.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double KlHorizon { get; init; } = 10_000;

    /// <summary>Gets whether rewards are brought to unit variance, their mean kept, before advantages are computed.</summary>
    /// <value>The default is false.</value>
    public bool WhitenRewards { get; init; }

    /// <summary>Gets whether advantages are brought to mean 0 and unit variance, over all real tokens of a round.</summary>
    /// <value>The default is true.</value>
    public bool WhitenAdvantages { get; init; } = true;

    internal override int Samples => SamplesPerPrompt;
}
