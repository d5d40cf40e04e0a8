using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>What the objectives have in common that learn from the policy's own samples: sampling in rounds, updates on each round, and the penalty that
/// holds the policy to the model it started from.</summary>
/// <remarks>A round's samples are learnt from <see cref="UpdateEpochs"/> times, <c>loop.rowsPerStep</c> at a step; then the next round is sampled from the
/// policy as it is by then.</remarks>
public abstract record OnPolicyOptions : ObjectiveOptions
{
    /// <summary>Gets the number of prompts of a round.</summary>
    /// <value>From 1 up. The default is 128 (trlX).</value>
    [Range(1, int.MaxValue)]
    public int PromptsPerRound { get; init; } = 128;

    /// <summary>Gets how often a round's samples are learnt from.</summary>
    /// <value>From 1 up. The default is 4 (TRL, trlX) for PPO and 1 (TRL) for the others.</value>
    [Range(1, 1000)]
    public int UpdateEpochs { get; init; } = 1;

    /// <summary>Gets the largest number of tokens of a sample.</summary>
    /// <value>From 1 up. The default is 64.</value>
    [Range(1, int.MaxValue)]
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Gets the temperature of sampling.</summary>
    /// <value>Above 0. The default is 1. At another one the samples are not quite the policy's own: ratios are taken of probabilities at 1.</value>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Gets the weight of the penalty for leaving the model that training started from.</summary>
    /// <value>0 or more. The default is 0.05 for PPO and RLOO, 0 for GRPO and ReST. PPO pays it per token, RLOO and ReST per sample (ReST ranks by what is left, as RAFT
    /// does), GRPO in the loss.</value>
    [Range(0.0, double.MaxValue)]
    public double KlCoefficient { get; init; } = 0.05;

    /// <summary>Gets the bound on a sample's reward; what is beyond is cut, below as above.</summary>
    /// <value>Above 0; null, the default, sets none.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? RewardClip { get; init; }

    /// <summary>Gets what a sample loses that was cut off at its largest length.</summary>
    /// <value>0 or more. The default is 0. Samples that end with a stop token or a stop string lose nothing.</value>
    [Range(0.0, double.MaxValue)]
    public double MissingEosPenalty { get; init; }

    /// <summary>Gets the number of samples of a round.</summary>
    public int RowsPerRound => PromptsPerRound * Samples;

    /// <summary>Gets the number of samples per prompt.</summary>
    internal abstract int Samples { get; }

    /// <summary>Gets a value indicating whether the policy reads its samples again, as it does in training, because ratios are taken of what it says.</summary>
    internal virtual bool ReadsSamplesAgain => true;

    /// <summary>Gets the number of rows of a pass over a round.</summary>
    public virtual int RowsPerPass => RowsPerRound;

    /// <summary>Gets how many answers a row puts into a batch.</summary>
    public virtual int AnswersPerRow => 1;

    /// <summary>Gets how many rows that follow each other answer one prompt and are trained on together.</summary>
    public virtual int AnswersTogether => Samples;
}
