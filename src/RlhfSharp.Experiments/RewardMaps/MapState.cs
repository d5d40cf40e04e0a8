using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Everything that follows from the texts evaluated so far. It changes in <see cref="Commit"/> only, so that a run and the reading of its events cannot differ.</summary>
internal sealed class MapState
{
    private readonly MapRecipe _recipe;
    private readonly List<MapEvent> _events = [];
    private readonly List<long> _lines = [];   // by text: another of its line, nearer to the first; itself for the first
    private readonly Dictionary<string, long> _groups = [];   // the first text of each
    private readonly HashSet<string> _texts = [];   // for the filter of duplicates
    private readonly Dictionary<string, int> _elitesByTarget = [];
    private readonly Dictionary<int, double> _curiosity = [];

    public MapState(MapRecipe recipe)
    {
        _recipe = recipe;
        Axes = [.. recipe.Axes.Select(axis => new MapAxis(axis))];
        Archive = new GridArchive<MapSolution>([.. Axes.Select(axis => axis.Bins)], recipe.ArchiveDepth);
        Ledger = new CellLedger(Archive.CellCount);
        Contrast = ContrastSearch.Of(recipe);
    }

    public IReadOnlyList<MapAxis> Axes { get; }

    public GridArchive<MapSolution> Archive { get; }

    /// <summary>Gets what makes a disagreement of two rewards; null where the recipe does not search for one.</summary>
    public ContrastSearch? Contrast { get; }

    /// <summary>Gets what every cell saw, not only its elites.</summary>
    public CellLedger Ledger { get; }

    /// <summary>Gets what happened, in order; an event's index is its id.</summary>
    public IReadOnlyList<MapEvent> Events => _events;

    public MapSolution Find(long id) => _events[(int)id].Solution;

    /// <summary>Gets how many texts that were asked for with these labels became elites.</summary>
    public int ElitesAskedFor(IReadOnlyList<string?> target) => _elitesByTarget.GetValueOrDefault(Key(target));

    public double CuriosityOf(int cell) => _curiosity.GetValueOrDefault(cell);

    /// <summary>Gets the labels by which a text lies where it lies: of a known text that has none on an axis, what the judge found.</summary>
    public IReadOnlyList<string?> LabelsOf(MapSolution solution) =>
        [.. solution.Requested.Zip(solution.Judged, (requested, judged) => _recipe.LabelMode == LabelMode.Judged ? judged : requested ?? judged)];

    /// <summary>Finds the cell in which a text belongs by its labels, whether it was placed or not.</summary>
    /// <returns>Null for an empty text, and where a label is missing or not what the recipe wants.</returns>
    public int? CellFor(MapSolution solution) => solution.Text.Length == 0 || Misplacement(solution) is not null ? null
        : Archive.CellOf([.. LabelsOf(solution).Select((label, axis) => Axes[axis].MeasureOf(label, solution.Text))]);

    /// <summary>Gets the labels that make a cell, <c>[axes]</c>.</summary>
    public IReadOnlyList<string> LabelsOfCell(int cell) => [.. Archive.BinsOf(cell).Select((bin, axis) => Axes[axis].Bins.Labels[bin])];

    /// <summary>Gets the line of descent of a text: texts that share any forebear, or a group, are of one line, and not independent.</summary>
    /// <param name="id">The text's number.</param>
    /// <returns>The number of the line's first text.</returns>
    public long LineOf(long id)
    {
        while (_lines[(int)id] != id)
        {
            id = _lines[(int)id] = _lines[(int)_lines[(int)id]];   // halves the way for those who come after
        }
        return id;
    }

    /// <summary>Takes a batch in.</summary>
    /// <param name="batch">Texts whose ids follow those taken in before.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="Models.Runtime.InputException">Texts are to be ranked among others, and there are none.</exception>
    public IReadOnlyList<MapEvent> Commit(IReadOnlyList<MapSolution> batch)
    {
        if (Contrast is not null)
        {
            batch = [.. batch.Select(Contrast.Complete)];
        }
        var reasons = batch.Select(Reject).ToList();
        var measures = new double[batch.Count, Axes.Count];
        var objectives = new double[batch.Count];
        foreach (var (row, solution) in batch.Index())
        {
            objectives[row] = reasons[row] is null ? solution.Rewards[0] : double.NaN;
            foreach (var (axis, label) in LabelsOf(solution).Index())
            {
                measures[row, axis] = Axes[axis].MeasureOf(label, solution.Text);
            }
        }
        var before = Archive.ToDictionary(elite => elite.Cell, elite => elite.Solution.Id);
        var results = Archive.Add(batch, objectives, measures);
        var events = new List<MapEvent>();
        foreach (var (row, solution) in batch.Index())
        {
            var (status, cell) = (results[row].Status, results[row].Status == AddStatus.Rejected ? (int?)null : results[row].Cell);
            var replaced = status == AddStatus.Improved ? before[cell!.Value] : (long?)null;
            events.Add(new MapEvent(solution, new MapOutcome(status, reasons[row], cell, replaced)));
        }
        events.ForEach(Take);
        return events;
    }

    private void Take(MapEvent one)
    {
        var (solution, outcome) = one;
        _events.Add(one);
        Join(solution);
        if (outcome.Cell is { } cell)
        {
            Ledger.Add(cell, solution.Rewards[0]);
        }
        else
        {
            Ledger.Reject();
        }
        if (outcome.Reason == RejectReason.Calibration)
        {
            Contrast!.Freeze(solution);
        }
        var isElite = outcome.Status >= AddStatus.Improved;
        if (isElite)
        {
            var key = Key(solution.Requested);
            _elitesByTarget[key] = _elitesByTarget.GetValueOrDefault(key) + 1;
        }
        foreach (var parent in solution.Parents.Select(id => _events[(int)id].Outcome.Cell).OfType<int>().Distinct())
        {
            _curiosity[parent] = Math.Max(0, _curiosity.GetValueOrDefault(parent) + (isElite ? 1 : -0.5));
        }
    }

    // A text of several parents makes one line of theirs.
    private void Join(MapSolution solution)
    {
        _lines.Add(solution.Id);
        var kin = solution.Group is { } group && !_groups.TryAdd(group, solution.Id) ? [.. solution.Parents, _groups[group]] : solution.Parents;
        foreach (var parent in kin)
        {
            var (one, other) = (LineOf(solution.Id), LineOf(parent));
            _lines[(int)Math.Max(one, other)] = Math.Min(one, other);
        }
    }

    private RejectReason? Reject(MapSolution solution)
    {
        if (solution.Text.Length == 0)
        {
            return RejectReason.Empty;
        }
        var isCalibration = Contrast?.IsCalibration(solution) == true;
        if (_recipe.DropDuplicates && !isCalibration && !_texts.Add(Normalized(solution.Text)))
        {
            return RejectReason.Duplicate;
        }
        if (Misplacement(solution) is { } misplacement)
        {
            return misplacement;
        }
        return isCalibration && Contrast!.HasBoth(solution) ? RejectReason.Calibration : double.IsFinite(solution.Rewards[0]) ? null : RejectReason.NoReward;
    }

    private RejectReason? Misplacement(MapSolution solution)
    {
        var labels = LabelsOf(solution);
        for (var axis = 0; axis < Axes.Count; axis++)
        {
            if (double.IsNaN(Axes[axis].MeasureOf(labels[axis], solution.Text)) || _recipe.LabelMode != LabelMode.Requested && double.IsNaN(Axes[axis].MeasureOf(solution.Judged[axis], solution.Text)))
            {
                return RejectReason.NoLabel;
            }
            if (_recipe.LabelMode == LabelMode.Agreeing && Axes[axis].Labels is not null && solution.Judged[axis] != solution.Requested[axis])
            {
                return RejectReason.OtherLabel;
            }
        }
        return null;
    }

    private static string Normalized(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    /// <summary>Names a target.</summary>
    internal static string Key(IReadOnlyList<string?> labels) => string.Join('\n', labels);
}
