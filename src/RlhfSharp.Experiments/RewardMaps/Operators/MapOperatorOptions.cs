using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>How a new text is asked for; an entry of the recipe's list <c>operators</c>, chosen by its <c>kind</c>.</summary>
public abstract record MapOperatorOptions
{
    /// <summary>Gets how often it is chosen, beside the others.</summary>
    /// <value>Above 0. The default is 1.</value>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double Weight { get; init; } = 1;

    /// <summary>Gets the templates and the names that each may use besides those of the axes.</summary>
    internal abstract IEnumerable<(string Template, string[] Names)> Templates { get; }

    /// <summary>Plans a text. Parents are only read.</summary>
    /// <param name="situation">What there is to go by.</param>
    /// <returns>The plan; null where this operator needs more elites than there are: a random text is asked for then.</returns>
    internal abstract MapPlan? Plan(MapSituation situation);
}
