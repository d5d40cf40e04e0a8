using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Chooses what to ask for: one label on every axis that has labels.</summary>
/// <remarks>What was planned counts at once, not when it is committed: otherwise all texts of a batch would be asked of the same cell.</remarks>
internal sealed class TargetSelector
{
    private readonly TargetChoice _choice;
    private readonly List<string?[]> _targets;   // all combinations of labels
    private readonly int[] _planned;

    public TargetSelector(TargetChoice choice, IReadOnlyList<MapAxis> axes)
    {
        _choice = choice;
        _targets = axes.Aggregate(
            new List<string?[]> { Array.Empty<string?>() },
            (targets, axis) => [.. targets.SelectMany(target => (axis.Labels ?? [null!]).Select(label => (string?[])[.. target, label]))]);
        _planned = new int[_targets.Count];
    }

    /// <summary>Gets all that can be asked for.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> Targets => _targets;

    public IReadOnlyList<string?> Choose(MapState state, NamedRandom random)
    {
        var chosen = _choice switch
        {
            TargetChoice.FewestEvaluations => Best(target => -_planned[target], random),
            TargetChoice.MostPromising => Best(target => Promise(state, target), random),
            _ => random.Next(_targets.Count),
        };
        _planned[chosen]++;
        return _targets[chosen];
    }

    private double Promise(MapState state, int target)
    {
        var tries = _planned[target];
        return tries == 0 ? double.PositiveInfinity : (double)state.ElitesAskedFor(_targets[target]) / tries + Math.Sqrt(2 * Math.Log(_planned.Sum()) / tries);
    }

    // Ties are broken at random: always taking the first would ask for the same corner of the map again and again.
    private int Best(Func<int, double> score, NamedRandom random)
    {
        double[] scores = [.. Enumerable.Range(0, _targets.Count).Select(score)];
        var best = scores.Max();
        var tied = Enumerable.Range(0, scores.Length).Where(target => scores[target] == best).ToList();
        return tied[random.Next(tied.Count)];
    }
}
