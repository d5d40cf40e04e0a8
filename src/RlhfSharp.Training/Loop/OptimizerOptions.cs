using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Loop;

/// <summary>Settings of AdamW and its learning rate; recipe section <c>optimizer</c>.</summary>
public sealed record OptimizerOptions
{
    /// <summary>Gets the highest learning rate.</summary>
    /// <value>Greater than 0. The default is 5e-5 (trlX, TRL).</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>Gets how the learning rate changes after the warm-up.</summary>
    /// <value>The default is constant.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Gets the number of steps over which the rate rises from 0.</summary>
    /// <value>0 or more. The default is 0.</value>
    [Range(0, int.MaxValue)]
    public int WarmupSteps { get; init; }

    /// <summary>Gets the share of the highest rate at which a falling schedule ends.</summary>
    /// <value>0 to 1. The default is 0.</value>
    [Range(0.0, 1.0)]
    public double FinalRate { get; init; }

    /// <summary>Gets the share of the steps after the warm-up in which the rate falls; read by the schedule <c>warmup-stable-decay</c> only.</summary>
    /// <value>Above 0, to 1. The default is 0.2.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double DecayShare { get; init; } = 0.2;

    /// <summary>Gets β₁, the memory of the mean gradient.</summary>
    /// <value>0 up to, not including, 1. The default is 0.9.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets β₂, the memory of the squared gradient.</summary>
    /// <value>0 up to, not including, 1. The default is 0.95 (trlX; PyTorch has 0.999).</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Gets ε, added to the root of the squared gradient.</summary>
    /// <value>Greater than 0. The default is 1e-8.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gets the decoupled weight decay.</summary>
    /// <value>0 or more. The default is 1e-6 (trlX).</value>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; } = 1e-6;

    /// <summary>Gets which parameters decay.</summary>
    /// <value>The default is matrices: embeddings and linear weights, not biases and gains.</value>
    public WeightDecayScope Decay { get; init; } = WeightDecayScope.Matrices;

    /// <summary>Gets the largest norm of the gradient of a step; larger gradients are scaled down to it.</summary>
    /// <value>0 means no limit. The default is 1.</value>
    [Range(0.0, double.MaxValue)]
    public double MaxGradNorm { get; init; } = 1;
}
