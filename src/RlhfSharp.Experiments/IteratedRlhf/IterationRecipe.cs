using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>A recipe of <c>rlhf iterate</c>: policy and proxy evolve together under a gold reward model (Wolf et al. 2025, https://arxiv.org/abs/2505.18126, algorithm 1, with any
/// method in the place of PPO).</summary>
public sealed record IterationRecipe : ExperimentRecipe
{
    /// <summary>Gets the policy as it starts: a checkpoint that was fine-tuned already.</summary>
    public required ModelOptions Model { get; init; }

    /// <summary>Gets where prompts come from.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>Gets the gold reward model.</summary>
    public required GoldOptions Gold { get; init; }

    /// <summary>Gets how many iterations there are.</summary>
    /// <value>From 1 up. The default is 4 (Wolf et al. 2025).</value>
    [Range(1, 1000)]
    public int Iterations { get; init; } = 4;

    /// <summary>Gets what the gold model is asked for.</summary>
    public LabelOptions Labels { get; init; } = new();

    /// <summary>Gets the proxy.</summary>
    public ProxyOptions Proxy { get; init; } = new();

    /// <summary>Gets where the policy of an iteration starts.</summary>
    /// <value>The default is supervised, the most robust in Wolf et al. 2025.</value>
    public PolicyStart Start { get; init; } = PolicyStart.Supervised;

    /// <summary>Gets η, how far an interpolated start lies towards the last policy.</summary>
    /// <value>From 0, the last start, to 1, the last policy. The default is 0.5. Read by <c>start: interpolated</c> only.</value>
    [Range(0.0, 1.0)]
    public double Eta { get; init; } = 0.5;

    /// <summary>Gets how the policy is improved: ppo, rloo, grpo or rest on the proxy's scores, dpo on the labels themselves, or best-of-n, which trains nothing: the policy is the best
    /// of n answers of the start, as the proxy finds.</summary>
    public required ObjectiveOptions Objective { get; init; }

    /// <summary>Gets what the policy is rewarded by.</summary>
    /// <value>The default is proxy. gold is an upper bound to compare with; DPO, which learns from labels, does not read it.</value>
    public PolicyReward Reward { get; init; } = PolicyReward.Proxy;

    /// <summary>Gets the settings of the policy's optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Gets the settings of each improvement.</summary>
    public LoopOptions Loop { get; init; } = new();

    /// <summary>Gets how policies are measured.</summary>
    public IterationEvaluationOptions Evaluation { get; init; } = new();

    /// <summary>Gets what finished stages keep once no other needs them.</summary>
    /// <value>The default is everything.</value>
    public StageRetention Keep { get; init; } = StageRetention.Everything;

    /// <summary>Gets what the recipe itself is called among its variants.</summary>
    /// <value>The default is <c>base</c>.</value>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]*")]
    public string Row { get; init; } = "base";

    /// <summary>Gets which rows are run, by name: the variants' and <see cref="Row"/>.</summary>
    /// <value>Empty, the default: all.</value>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>Gets recipes of <c>rlhf train</c> whose runs this one reads, such as that of the gold model. They are trained first, in <c>runs/</c>, if they are not there yet.</summary>
    /// <value>Paths as seen from this recipe's folder. The default is empty.</value>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>Gets variants that are run beside the recipe itself. What rows have in common is computed once.</summary>
    public IReadOnlyList<RecipeVariant> Variants { get; init; } = [];
}
