using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The proxy, the reward model that learns from the labels and that the policy learns from; recipe section <c>proxy</c>.</summary>
public sealed record ProxyOptions
{
    /// <summary>Gets what a proxy starts from: a language model, whose output layer becomes one score. Null means the policy's own start.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the <c>config.json</c> of a network to be drawn at random instead, one for each member; <c>vocab_size</c> is that of the policy's tokenizer unless given. It does not know the
    /// language, learns from few labels what goes with being preferred in them, and is over-optimised sooner.</summary>
    public JsonObject? New { get; init; }

    /// <summary>Gets whether a proxy goes on from the last iteration's instead of starting anew.</summary>
    /// <value>The default is false, as in Wolf et al. 2025.</value>
    public bool Continues { get; init; }

    /// <summary>Gets which labels it learns from.</summary>
    /// <value>The default is concatenate, the best in Wolf et al. 2025.</value>
    public DataCombination Data { get; init; } = DataCombination.Concatenate;

    /// <summary>Gets how many proxies learn from the same labels; they differ in their first scores and in the order of the labels.</summary>
    /// <value>From 1 up. The default is 1; Coste et al. 2023 use 5.</value>
    [Range(1, 64)]
    public int Members { get; init; } = 1;

    /// <summary>Gets what counts of the members' scores.</summary>
    /// <value>The default is mean.</value>
    public EnsembleCombination CombineMembers { get; init; } = EnsembleCombination.Mean;

    /// <summary>Gets what counts of the scores of several iterations' proxies.</summary>
    /// <value>The default is last.</value>
    public ProxyCombination CombineIterations { get; init; } = ProxyCombination.Last;

    /// <summary>Gets λ of the combinations that subtract a variance.</summary>
    /// <value>0 or more. The default is 0.5 (Coste et al. 2023).</value>
    [Range(0.0, 1e6)]
    public double UncertaintyWeight { get; init; } = 0.5;

    /// <summary>Gets how often it sees each label.</summary>
    /// <value>From 1 up. The default is 2.</value>
    [Range(1, 1000)]
    public int Epochs { get; init; } = 2;

    /// <summary>Gets the number of pairs of a step.</summary>
    /// <value>From 1 up. The default is 32.</value>
    [Range(1, int.MaxValue)]
    public int PairsPerStep { get; init; } = 32;

    /// <summary>Gets λ, the weight of the squared sum of both scores, which keeps scores near zero on average.</summary>
    /// <value>0 or more. The default is 0: scores are standardised afterwards.</value>
    [Range(0.0, 1e6)]
    public double CenterRewardsCoefficient { get; init; }

    /// <summary>Gets the settings of the optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();
}
