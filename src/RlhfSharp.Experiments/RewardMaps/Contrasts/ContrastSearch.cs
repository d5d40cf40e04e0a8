using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The part of a search's state that makes a disagreement of two rewards of their scores: the frozen set, and the ranks among it.</summary>
/// <remarks>The set is part of the events, and ranks follow from it when a step is committed, in order. So a run that was interrupted, and one that is read from its log, have the same set to the bit.</remarks>
internal sealed class ContrastSearch
{
    private readonly ContrastRewardOptions _options;
    private readonly List<MapSolution> _frozen = [];
    private FrozenRanks? _ranks;

    private ContrastSearch(ContrastRewardOptions options, int first, int second) => (_options, First, Second) = (options, first, second);

    /// <summary>Gets the place of the first reward in the recipe.</summary>
    public int First { get; }

    /// <summary>Gets the place of the other one.</summary>
    public int Second { get; }

    /// <summary>Gets the frozen set, as far as it is written.</summary>
    public IReadOnlyList<MapSolution> Frozen => _frozen;

    /// <summary>Reads the recipe.</summary>
    /// <returns>Null where it does not search for a disagreement.</returns>
    public static ContrastSearch? Of(MapRecipe recipe) => recipe.Contrast is { } options
        ? new ContrastSearch(options, recipe.PlaceOf(options.First), recipe.PlaceOf(options.Second))
        : null;

    /// <summary>Tells whether a text is written for the frozen set, and not for the map.</summary>
    public bool IsCalibration(MapSolution solution) => solution.Step < _options.CalibrationSteps;

    /// <summary>Tells whether a text has both rewards.</summary>
    public bool HasBoth(MapSolution solution) => FrozenRanks.HasBoth(solution, First, Second);

    /// <summary>Takes a text into the frozen set.</summary>
    public void Freeze(MapSolution solution) => _frozen.Add(solution);

    /// <summary>Fills in the disagreement, the first of the rewards: NaN for a text of the frozen set, and where a reward is missing.</summary>
    /// <exception cref="InputException">The frozen set is empty.</exception>
    public MapSolution Complete(MapSolution solution) => solution with
    {
        Rewards = [IsCalibration(solution) ? double.NaN : Difference(solution.Rewards[First], solution.Rewards[Second]), .. solution.Rewards.Skip(1)],
    };

    /// <summary>Computes the disagreement about a text.</summary>
    /// <param name="first">What the first reward gives it.</param>
    /// <param name="second">What the other one does.</param>
    /// <returns>From −1 to 1; NaN where a reward is missing.</returns>
    /// <exception cref="InputException">The frozen set is empty.</exception>
    public double Difference(double first, double second)
    {
        _ranks ??= FrozenRanks.Of(First, Second, _frozen) ?? throw new InputException(
            $"rewards: not one text of the first {_options.CalibrationSteps} steps has a label on every axis and a reward of both '{_options.First}' and '{_options.Second}', so nothing can be ranked. "
            + "Give calibrationSteps more steps, or look at the reasons in events.jsonl.");
        var (high, low) = _ranks.Of(first, second);
        return high - low;
    }
}
