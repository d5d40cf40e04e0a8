using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Loop;

/// <summary>Settings of the training loop; recipe section <c>loop</c>.</summary>
public sealed record LoopOptions
{
    /// <summary>Gets the largest number of optimiser steps.</summary>
    /// <value>From 1 up. The default is 1000. Training ends at this, at <see cref="Epochs"/> or at <see cref="ComputeBudget"/>, whichever comes first.</value>
    [Range(1, int.MaxValue)]
    public int MaxSteps { get; init; } = 1000;

    /// <summary>Gets the largest number of passes over the data.</summary>
    /// <value>0 means no limit, which is the default.</value>
    [Range(0, int.MaxValue)]
    public int Epochs { get; init; }

    /// <summary>Gets how much may be computed: methods that sample, score or train a reward model are compared fairly at an equal amount, not at equal steps.</summary>
    /// <value>In tokens that pass once forward through the policy. A token that is trained on counts 3, one that is sampled or scored counts 1 (by another model: in
    /// proportion to its parameters); evaluations do not count. Training ends, and the learning rate has fallen, when it is used up. 0, the default, sets no limit.</value>
    [Range(0.0, 1e18)]
    public double ComputeBudget { get; init; }

    /// <summary>Gets the number of rows of an optimiser step.</summary>
    /// <value>From 1 up. The default is 32. The last step of a pass may be smaller.</value>
    [Range(1, int.MaxValue)]
    public int RowsPerStep { get; init; } = 32;

    /// <summary>Gets the largest number of tokens of a forward pass; a step is cut into as many passes as it takes.</summary>
    /// <value>From 1 up. The default is 16384. Changes memory and speed, not the gradient.</value>
    [Range(1, int.MaxValue)]
    public int TokensPerMicroBatch { get; init; } = 16384;

    /// <summary>Gets whether the forward pass keeps of each block no more than what went into it, and the backward pass computes the block again.</summary>
    /// <value>The default is false. Changes memory and speed, not the gradient: activations take a fraction of the memory, a step takes about a third longer.</value>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Gets in which order a pass takes the rows.</summary>
    /// <value>The default is shuffled. Within a step, forward passes always take rows in order of length.</value>
    public RowOrder Order { get; init; } = RowOrder.Shuffled;

    /// <summary>Gets the number of steps between evaluations.</summary>
    /// <value>0 means at the start and the end only, which is the default; otherwise also every so many steps.</value>
    [Range(0, int.MaxValue)]
    public int EvaluateEvery { get; init; }

    /// <summary>Gets the number of steps between checkpoints.</summary>
    /// <value>0 means at the end only; the default is 500.</value>
    [Range(0, int.MaxValue)]
    public int SaveEvery { get; init; } = 500;

    /// <summary>Gets the number of checkpoints that are kept besides best and final.</summary>
    /// <value>From 1 up. The default is 2.</value>
    [Range(1, int.MaxValue)]
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Gets the element type of the best and the final checkpoint.</summary>
    /// <value>The default is that in which the model computes.</value>
    public SavedType SaveAs { get; init; } = SavedType.AsComputed;

    /// <summary>Gets the number of steps between lines of metrics.</summary>
    /// <value>From 1 up. The default is 10.</value>
    [Range(1, int.MaxValue)]
    public int LogEvery { get; init; } = 10;

    /// <summary>Gets the evaluation metric by which the best checkpoint is kept.</summary>
    /// <value>Null keeps none, which is the default. A leading minus means that less is better: <c>-eval_losses/loss</c>.</value>
    public string? BestMetric { get; init; }
}
