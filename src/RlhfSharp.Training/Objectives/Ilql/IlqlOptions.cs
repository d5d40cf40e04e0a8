using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Heads;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of <see cref="Ilql"/>; recipe section <c>objective</c> with <c>kind: ilql</c>. Names and meanings are trlX's.</summary>
[RecipeKind("ilql")]
public sealed record IlqlOptions : ObjectiveOptions
{
    /// <summary>Gets τ, the expectile of Q that V follows.</summary>
    /// <value>Above 0, below 1. The default is 0.7 (trlX). 0.5 is the mean; towards 1 it nears the best action seen.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Tau { get; init; } = 0.7;

    /// <summary>Gets γ, the discount per token.</summary>
    /// <value>0 to 1. The default is 0.99 (trlX).</value>
    [Range(0.0, 1.0)]
    public double Gamma { get; init; } = 0.99;

    /// <summary>Gets the weight of the conservative term, which keeps Q low for tokens that the data does not take.</summary>
    /// <value>0 or more. The default is 0.1 (trlX).</value>
    [Range(0.0, double.MaxValue)]
    public double CqlScale { get; init; } = 0.1;

    /// <summary>Gets the weight of the language-model term.</summary>
    /// <value>0 or more. The default is 1 (trlX).</value>
    [Range(0.0, double.MaxValue)]
    public double AwacScale { get; init; } = 1;

    /// <summary>Gets the exponent of the advantage in the weight of the language-model term, exp(beta·(Q − V)). Not the beta of generation.</summary>
    /// <value>0 or more. The default is 0 (trlX): every answer is imitated alike.</value>
    [Range(0.0, double.MaxValue)]
    public double Beta { get; init; }

    /// <summary>Gets α, how far the targets move towards Q at each synchronisation.</summary>
    /// <value>0 to 1. The default is 0.1, the value of trlX's random walks. trlX's own default of 0.001 hardly moves them in a usual run.</value>
    [Range(0.0, 1.0)]
    public double Alpha { get; init; } = 0.1;

    /// <summary>Gets whether there are two Q heads, of which the smaller counts.</summary>
    /// <value>The default is true (trlX).</value>
    public bool TwoQs { get; init; } = true;

    /// <summary>Gets the number of optimiser steps between synchronisations of the targets.</summary>
    /// <value>From 1 up. The default is 5 (trlX).</value>
    [Range(1, int.MaxValue)]
    public int StepsForTargetQSync { get; init; } = 5;

    /// <summary>Gets when it is asked whether a synchronisation is due.</summary>
    /// <value>The default is after each step. trlX asks once per pass over the data since August 2023, so that its targets may never move.</value>
    public TargetSync TargetSync { get; init; } = TargetSync.PerStep;

    /// <summary>Gets what Q is trained towards.</summary>
    /// <value>The default is one step (trlX).</value>
    public ReturnTarget Targets { get; init; } = ReturnTarget.OneStep;

    /// <summary>Gets λ of <see cref="ReturnTarget.Lambda"/>.</summary>
    /// <value>0 (one step) to 1 (Monte-Carlo). The default is 0.95. Read with <c>targets: lambda</c> only.</value>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 0.95;

    /// <summary>Gets whether rewards are standardised over all rewarded turns of the data set.</summary>
    /// <value>The default is true (trlX).</value>
    public bool StandardizeRewards { get; init; } = true;

    /// <summary>Gets how Q heads start that the checkpoint does not bring.</summary>
    /// <value>The default is random (trlX).</value>
    public QInitialization QInitialization { get; init; } = QInitialization.Random;

    /// <summary>Gets the factor by which rewards are multiplied, after they were standardised if they are.</summary>
    /// <value>Greater than 0. The default is 1 (trlX). A larger one weighs Q and V against imitation, and needs smaller betas; where only one token of
    /// an answer is rewarded it makes Q learn much sooner.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double RewardScale { get; init; } = 1;
}
