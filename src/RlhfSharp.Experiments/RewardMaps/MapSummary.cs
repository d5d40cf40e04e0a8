using RlhfSharp.QualityDiversity.Statistics;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The numbers of one search: a fold of its events.</summary>
internal sealed class MapSummary
{
    private readonly OrderedDictionary<string, double> _metrics = [];
    private readonly OrderedDictionary<string, Interval> _intervals = [];

    public MapSummary(MapRecipe recipe, MapState state, long seed, IReadOnlySet<long>? drops = null)
    {
        (Recipe, State, Seed) = (recipe, state, seed);
        var accepted = state.Events.Where(one => one.Outcome.Cell is not null).ToList();
        var elites = state.Archive.ToList();
        _metrics["coverage"] = Coverage();
        var start = accepted.Where(one => one.Solution.Step < recipe.StartSteps).Select(one => one.Solution.Rewards[0]).ToList();
        if (start.Count > 0)
        {
            FirstPhase = new EmpiricalDistribution(start);
            _metrics["qd_score"] = FirstPhase.QdScore(elites.Select(elite => elite.Objective));
            _metrics["best"] = elites.Max(elite => elite.Objective);
        }
        _metrics["evaluations"] = state.Events.Count;
        _metrics["rejected"] = state.Events.Count(one => one.Outcome.Reason is not (null or RejectReason.Calibration));
        var reasons = state.Events.Select(one => one.Outcome.Reason).OfType<RejectReason>().CountBy(reason => reason).ToDictionary();
        foreach (var reason in Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.Calibration))
        {
            _metrics[$"rejected/{MapEvent.Text(reason)}"] = reasons.GetValueOrDefault(reason);   // also where it is 0: means over seeds count all seeds
        }
        if (state.Contrast is { } contrast)
        {
            _metrics["calibration"] = contrast.Frozen.Count;
        }
        foreach (var (index, reward) in recipe.Rewards.Index().Where(reward => reward.Item is TextRewardOptions))
        {
            _metrics[index == 0 ? "cut" : $"cut/{reward.Name}"] = state.Events.Count(one => one.Solution.Cut.Contains(reward.Name));
        }
        Agreement();
        Marginals(accepted);
        foreach (var (name, value, interval) in ContrastFiles.Metrics(RewardContrast.All([this])))
        {
            _metrics[name] = value;
            if (interval is { } known)
            {
                _intervals[name] = known;
            }
        }
        Planted = state.Contrast is null && recipe.TasteOf(seed) is { } taste ? PlantedCheck.Of(taste, MapDeviations.Of([this], isLengthEqual: true)) : null;
        Flags = MapFlags.Of(recipe, state, drops ?? new HashSet<long>());
        foreach (var (name, value) in (Planted?.Metrics() ?? []).Concat(Flags.Metrics(this)))
        {
            _metrics[name] = value;
        }
    }

    public MapRecipe Recipe { get; }

    public MapState State { get; }

    public long Seed { get; }

    /// <summary>Gets what the map makes of what is planted in its reward; null where that is not known, or where the map shows a disagreement instead.</summary>
    public PlantedCheck? Planted { get; }

    /// <summary>Gets the rewards of the placed first-phase texts; null where there are none.</summary>
    public EmpiricalDistribution? FirstPhase { get; }

    /// <summary>Gets which texts are to be looked at, and the map without them.</summary>
    public MapFlags Flags { get; }

    /// <summary>Gets whether the best texts were scored with harmless changes too.</summary>
    public bool AreEditsChecked => Recipe.CheckEdits;

    public IReadOnlyDictionary<string, double> Metrics => _metrics;

    public IReadOnlyDictionary<string, Interval> Intervals => _intervals;

    /// <summary>Gets whether every cell is asked for sooner or later and nothing says what was really written: coverage means nothing then.</summary>
    public bool IsCoverageTrivial => Recipe.LabelMode == LabelMode.Requested && !IsJudged && !Recipe.Generator.KnowsTexts;

    /// <summary>Gets, for an axis, how many texts asked for with a label were found to have which; none under the empty name.</summary>
    public IReadOnlyDictionary<(string Requested, string Judged), int> Confusion(int axis) => State.Events
        .Where(one => one.Outcome.Reason is not (RejectReason.Empty or RejectReason.Duplicate) && Known(axis, one.Solution.Requested[axis]).Length > 0)
        .CountBy(one => (one.Solution.Requested[axis]!, Known(axis, one.Solution.Judged[axis])))
        .ToDictionary();

    /// <summary>Counts how much independent evidence texts are. A search begins with many lines of one text each; of a collection one author may have written nearly all that
    /// has a label.</summary>
    /// <param name="lines">The line of descent of each text.</param>
    public double IndependentTexts(IEnumerable<long> lines) => Recipe.Generator.KnowsTexts ? EffectiveCount.Of(lines) : lines.Distinct().Count();

    /// <summary>Gets the axes that a judge looks at.</summary>
    public IEnumerable<int> JudgedAxes => Enumerable.Range(0, Recipe.Axes.Count).Where(axis => Recipe.Axes[axis] is LabelAxisOptions { Judge: not null });

    private bool IsJudged => Recipe.Axes.OfType<LabelAxisOptions>().All(axis => axis.Judge is not null);

    /// <summary>Adds a number that does not follow from this search alone.</summary>
    public void Take(string name, double value) => _metrics[name] = value;

    // By what was found, where that is known, whatever decides the cells.
    private double Coverage()
    {
        if (Recipe.LabelMode != LabelMode.Requested || !IsJudged)
        {
            return State.Archive.Statistics.Coverage;
        }
        var places = State.Events
            .Where(one => one.Outcome.Reason != RejectReason.Calibration)
            .Select(one => State.Axes.Select((axis, index) => axis.MeasureOf(one.Solution.Judged[index], one.Solution.Text)).ToArray())
            .Where(place => place.All(double.IsFinite));
        return (double)places.Select(place => State.Archive.CellOf(place)).Distinct().Count() / State.Archive.CellCount;
    }

    private void Agreement()
    {
        foreach (var axis in JudgedAxes)
        {
            var confusion = Confusion(axis);
            var (equal, all) = (confusion.Where(pair => pair.Key.Requested == pair.Key.Judged).Sum(pair => pair.Value), confusion.Values.Sum());
            if (all > 0)
            {
                Add($"agreement/{Recipe.Axes[axis].Name}", (double)equal / all, Statistics.Wilson(equal, all));
            }
        }
    }

    // Texts of one line of descent are alike, so whole lines are drawn anew.
    private void Marginals(List<MapEvent> accepted)
    {
        foreach (var (axis, options) in State.Axes.Index())
        {
            var byBin = accepted.ToLookup(one => State.Archive.BinsOf(one.Outcome.Cell!.Value)[axis]);
            for (var bin = 0; bin < options.Bins.Bins; bin++)
            {
                double[] values = [.. byBin[bin].Select(one => one.Solution.Rewards[0])];
                int[] lines = [.. byBin[bin].Select(one => (int)State.LineOf(one.Solution.Id))];
                var name = $"marginal/{options.Name}/{options.Bins.Labels[bin]}";
                if (IndependentTexts(lines.Select(line => (long)line)) >= 2)
                {
                    Add(name, values.Average(), Statistics.ClusteredMean(values, lines, Seed));
                }
                else if (values.Length > 0)
                {
                    _metrics[name] = values.Average();
                }
            }
        }
    }

    private void Add(string name, double value, Interval interval) => (_metrics[name], _intervals[name]) = (value, interval);

    private string Known(int axis, string? label) => label is not null && State.Axes[axis].Labels!.Contains(label) ? label : string.Empty;
}
