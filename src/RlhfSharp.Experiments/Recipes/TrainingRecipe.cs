using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Sweeps;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A recipe of <c>rlhf train</c>: one experiment, on one page.</summary>
public sealed record TrainingRecipe : ExperimentRecipe
{
    /// <summary>Gets the model to start from.</summary>
    public required ModelOptions Model { get; init; }

    /// <summary>Gets the data.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>Gets what is optimised.</summary>
    public required ObjectiveOptions Objective { get; init; }

    /// <summary>Gets what on-policy objectives are rewarded for: a weighted sum. For ILQL on pink elephants it takes the place of the labels.</summary>
    /// <value>Other objectives read none. The default is empty.</value>
    public IReadOnlyList<RewardPartOptions> Rewards { get; init; } = [];

    /// <summary>Gets the settings of the optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Gets the settings of the training loop.</summary>
    public LoopOptions Loop { get; init; } = new();

    /// <summary>Gets how the model is measured.</summary>
    public required EvaluationOptions Evaluation { get; init; }

    /// <summary>Gets variants that are run beside the recipe itself, with the same seeds, and shown in the same table.</summary>
    public IReadOnlyList<RecipeVariant> Variants { get; init; } = [];

    /// <summary>Gets what the recipe itself is called where its variants stand beside it, in tables and in the names of metrics.</summary>
    /// <value>Null, the default: its metrics have no such part.</value>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]*")]
    public string? Row { get; init; }

    /// <summary>Gets which rows are run, by name: the variants' and <see cref="Row"/>.</summary>
    /// <value>Empty, the default: all.</value>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>Gets what is searched for by <c>rlhf sweep</c>; other commands do not run a recipe that has it.</summary>
    /// <value>Null, the default: nothing.</value>
    public SweepOptions? Sweep { get; init; }

    /// <summary>Gets a folder of samples that runs share: what an on-policy objective draws is kept there, and taken from there where it would be the same, drawn by a policy with the same
    /// parameters, to the same prompts, with the same settings and seed. Variants of ReST, for instance, have their first round in common.</summary>
    /// <value>Null, the default: none; a run's own samples are kept in its folder anyway.</value>
    public string? Rollouts { get; init; }

    /// <summary>Gets recipes whose runs this one reads, such as that of a reward model. They are trained first, in <c>runs/</c>, if they are not there yet.</summary>
    /// <value>Paths as seen from this recipe's folder. The default is empty.</value>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Sweep is not null && (Variants.Count > 0 || Row is not null || Rows.Count > 0))
        {
            yield return new ValidationResult("a recipe with a sweep has no variants, row and rows.", [nameof(Variants), nameof(Row), nameof(Rows)]);
        }
        if (Sweep is { Method: SweepMethod.Halving, MinSteps: { } first } && first >= Loop.MaxSteps)
        {
            yield return new ValidationResult($"sweep.minSteps is {first}, which must be less than loop.maxSteps, {Loop.MaxSteps}: trials that are promoted go on up to there.", [nameof(Sweep)]);
        }
        if (Sweep is not null && Objective is BestOfNOptions)
        {
            yield return new ValidationResult("best-of-n trains nothing, and a sweep compares what was trained.", [nameof(Sweep)]);
        }
        foreach (var error in base.Validate(validationContext))
        {
            yield return error;
        }
    }

    /// <summary>Reads a recipe and its variants.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Settings on top of it, each <c>a.b=c</c>.</param>
    /// <returns>The recipe under the empty name, then its variants.</returns>
    /// <exception cref="RecipeException">The recipe has mistakes; all are told.</exception>
    /// <exception cref="Models.Runtime.InputException">The file cannot be read.</exception>
    public static IReadOnlyList<(string Variant, TrainingRecipe Recipe)> ReadWithVariants(string path, IReadOnlyList<string> overrides) =>
        RecipeVariants.Read<TrainingRecipe>(path, overrides);
}
