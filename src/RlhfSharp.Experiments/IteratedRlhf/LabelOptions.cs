using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What the gold model is asked for; recipe section <c>labels</c>. A label is its preference between two answers of the policy to one prompt.</summary>
public sealed record LabelOptions
{
    /// <summary>Gets the number of prompts of a batch; each gives one label.</summary>
    /// <value>From 2 up. The default is 500.</value>
    [Range(2, int.MaxValue)]
    public int PerBatch { get; init; } = 500;

    /// <summary>Gets how many batches an iteration labels, all from the policy of the iteration before. Standard RLHF is one iteration that labels all of them at once.</summary>
    /// <value>From 1 up. The default is 1.</value>
    [Range(1, 1000)]
    public int BatchesPerIteration { get; init; } = 1;

    /// <summary>Gets the share of labels that are turned round, as people err. Which ones depends on the seed, the batch and the prompt only.</summary>
    /// <value>From 0 to 0.5. The default is 0; Coste et al. 2023 (https://arxiv.org/abs/2310.02743) use 0.25.</value>
    [Range(0.0, 0.5)]
    public double Noise { get; init; }

    /// <summary>Gets how unsure the gold model is: it prefers an answer with probability σ(difference / temperature), scores in units of their standard deviation on answers of
    /// the start.</summary>
    /// <value>0, the default: it always prefers the higher score.</value>
    [Range(0.0, 1e6)]
    public double Temperature { get; init; }

    /// <summary>Gets the largest number of tokens of an answer.</summary>
    /// <value>From 1 up. The default is 64.</value>
    [Range(1, int.MaxValue)]
    public int MaxNewTokens { get; init; } = 64;
}
