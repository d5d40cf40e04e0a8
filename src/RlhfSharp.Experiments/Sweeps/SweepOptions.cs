using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>What is searched for, and how; recipe section <c>sweep</c>, read by <c>rlhf sweep</c>.</summary>
public sealed record SweepOptions : IValidatableObject
{
    private const int MostTrials = 10000;

    // What is not a setting of a single training run.
    private static readonly string[] Fixed = ["name", "description", "caveats", "seeds", "threads", "variants", "row", "rows", "requires", "sweep"];
    private static readonly string[] Lengths = ["loop.maxSteps", "loop.epochs", "loop.computeBudget"];

    /// <summary>Gets how settings are chosen.</summary>
    public required SweepMethod Method { get; init; }

    /// <summary>Gets the number of trials.</summary>
    /// <value>From 1 up. Needed for random and halving; a grid has as many as there are combinations.</value>
    [Range(1, MostTrials)]
    public int? Trials { get; init; }

    /// <summary>Gets the seed of the settings; it is not the seed of the training runs.</summary>
    /// <value>The default is 0. What trial i draws for a setting depends on this, on i and on the setting's key only.</value>
    public long Seed { get; init; }

    /// <summary>Gets the metric by which trials are compared: one that evaluations on the way measure.</summary>
    /// <value>Evaluations on the way look at validation data; the last evaluation, which looks at evaluation data, is never made in a sweep.</value>
    public required string Metric { get; init; }

    /// <summary>Gets which values of the metric are better.</summary>
    public required SweepGoal Goal { get; init; }

    /// <summary>Gets conditions; trials that meet them all stand before those that do not, whatever their metric.</summary>
    /// <value>The default is none. Among trials that miss some, the smaller sum of relative shortfalls is better (Deb 2000).</value>
    public IReadOnlyList<SweepBarOptions> Bars { get; init; } = [];

    /// <summary>Gets the settings that are searched, by dotted key, for instance <c>optimizer.learningRate</c>.</summary>
    public required IReadOnlyDictionary<string, SweepParameterOptions> Parameters { get; init; }

    /// <summary>Gets one in how many trials of halving goes on, so many times as long: η.</summary>
    /// <value>From 2 up. The default is 3. Read with <c>method: halving</c> only.</value>
    [Range(2, 100)]
    public int Eta { get; init; } = 3;

    /// <summary>Gets how many steps every trial of halving trains at first. Those that go on train to η times as many, and in the end to <c>loop.maxSteps</c>.</summary>
    /// <value>From 1 up, less than <c>loop.maxSteps</c>. Needed for halving.</value>
    [Range(1, int.MaxValue)]
    public int? MinSteps { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Parameters.Count == 0)
        {
            yield return new ValidationResult("there is nothing to search; name at least one setting, for instance optimizer.learningRate: { range: [1.0e-5, 1.0e-3], scale: log }.", [nameof(Parameters)]);
        }
        if (Method == SweepMethod.Grid && Trials is not null)
        {
            yield return new ValidationResult("a grid has as many trials as there are combinations; leave 'trials' out.", [nameof(Trials)]);
        }
        if (Method != SweepMethod.Grid && Trials is null)
        {
            yield return new ValidationResult("the key 'trials' is missing: how many trials there are.");
        }
        if (Method == SweepMethod.Halving && MinSteps is null)
        {
            yield return new ValidationResult("the key 'minSteps' is missing: how many steps every trial of halving trains at first.");
        }
        if (Method != SweepMethod.Halving && MinSteps is not null)
        {
            yield return new ValidationResult("'minSteps' is read with method: halving only.", [nameof(MinSteps)]);
        }
        foreach (var (key, parameter) in Parameters)
        {
            if (Problem(key, parameter) is { } problem)
            {
                yield return new ValidationResult(problem, [nameof(Parameters)]);
            }
        }
        if (Method == SweepMethod.Grid && Parameters.Values.Aggregate(1.0, (product, parameter) => product * Math.Max(1, parameter.Values.Count)) is var combinations and > MostTrials)
        {
            yield return new ValidationResult(FormattableString.Invariant($"the grid has {combinations:0} combinations, at most {MostTrials} are allowed; take method: random."), [nameof(Parameters)]);
        }
    }

    private string? Problem(string key, SweepParameterOptions parameter) =>
        Fixed.Contains(key.Split('.', '[')[0]) ? $"'{key}' is not a setting of a training run; it is the same for all trials."
        : Method == SweepMethod.Halving && Lengths.Contains(key) ? $"'{key}' cannot be searched with method: halving, which decides how long trials train."
        : Method == SweepMethod.Grid && parameter.Values.Count == 0 ? $"'{key}' has a range, and a grid needs values. List them (values: [...]), or take method: random."
        : null;
}
