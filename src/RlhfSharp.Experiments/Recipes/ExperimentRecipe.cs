using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>What recipes of all commands begin with.</summary>
public abstract record ExperimentRecipe : IValidatableObject
{
    /// <summary>Gets the experiment's name; the run's folder is called after it.</summary>
    /// <value>Letters, digits, dots, dashes and underscores.</value>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]*")]
    public required string Name { get; init; }

    /// <summary>Gets what the experiment is about, in a sentence; it heads the report.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Gets what the experiment cannot show, and what remains a guess, in sentences; the report says so.</summary>
    public IReadOnlyList<string> Caveats { get; init; } = [];

    /// <summary>Gets the seeds; the whole experiment is run once for each.</summary>
    /// <value>At least one, all different. The default is [0].</value>
    [MinLength(1)]
    public IReadOnlyList<long> Seeds { get; init; } = [0];

    /// <summary>Gets the number of threads; a run keeps it when it is resumed.</summary>
    /// <value>0 means one per core, which is the default.</value>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Seeds.CountBy(seed => seed).FirstOrDefault(seed => seed.Value > 1) is { Value: > 1 } twice)
        {
            yield return new ValidationResult($"the seed {twice.Key} is there {twice.Value} times; runs with one seed are one run.", [nameof(Seeds)]);
        }
    }
}
