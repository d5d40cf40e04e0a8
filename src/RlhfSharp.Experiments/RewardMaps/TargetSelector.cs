using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Chooses what to ask for: one label on every axis that has labels.</summary>
/// <remarks>What was planned counts at once, not when it is committed: otherwise all texts of a batch would be asked of the same cell.</remarks>
internal sealed class TargetSelector
{
    private readonly TargetChoice _choice;
    private readonly List<string?[]> _targets;   // all combinations of labels
    private readonly Dictionary<string, int> _places;
    private readonly int[] _planned;
    private int _total;

    public TargetSelector(TargetChoice choice, IReadOnlyList<MapAxis> axes)
    {
        _choice = choice;
        _targets = axes.Aggregate(
            new List<string?[]> { Array.Empty<string?>() },
            (targets, axis) => [.. targets.SelectMany(target => (axis.Labels ?? [null!]).Select(label => (string?[])[.. target, label]))]);
        _planned = new int[_targets.Count];
        _places = _targets.Index().ToDictionary(target => MapState.Key(target.Item), target => target.Index);
    }

    /// <summary>Chooses what to ask for next.</summary>
    public IReadOnlyList<string?> Choose(MapState state, NamedRandom random) => _targets[_choice switch
    {
        TargetChoice.FewestEvaluations => Best(target => -_planned[target], random),
        TargetChoice.MostPromising => Best(target => Promise(state, target), random),
        _ => random.Next(_targets.Count),
    }];

    /// <summary>Counts what was asked for, whichever operator chose it.</summary>
    /// <param name="requested">The labels.</param>
    public void Count(IReadOnlyList<string?> requested)
    {
        if (_places.TryGetValue(MapState.Key(requested), out var place))   // a parent's labels need not be one of the targets: judged, one may be missing
        {
            _planned[place]++;
            _total++;
        }
    }

    private double Promise(MapState state, int target)
    {
        var tries = _planned[target];
        return tries == 0 ? double.PositiveInfinity : (double)state.ElitesAskedFor(_targets[target]) / tries + Math.Sqrt(2 * Math.Log(_total) / tries);
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
