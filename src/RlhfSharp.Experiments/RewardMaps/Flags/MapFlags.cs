namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The flags of all texts of a search, and the map without the flagged ones.</summary>
internal sealed class MapFlags
{
    private readonly TextFlag[] _flags;   // by id
    private readonly Dictionary<int, MapEvent> _clean = [];
    private readonly Dictionary<int, int> _cleanCounts = [];

    private MapFlags(TextFlag[] flags) => _flags = flags;

    /// <summary>Looks at all placed texts; rejected ones have no flags.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="state">The search.</param>
    /// <param name="drops">Ids of texts whose reward falls under harmless edits.</param>
    public static MapFlags Of(MapRecipe recipe, MapState state, IReadOnlySet<long> drops)
    {
        var flags = new TextFlag[state.Events.Count];
        var placed = state.Events.Where(one => one.Outcome.Cell is not null).ToList();
        var script = WritingScript.Main(placed.Select(one => one.Solution.Text));
        foreach (var one in placed)
        {
            flags[one.Solution.Id] = OfText(recipe, one.Solution, script) | (drops.Contains(one.Solution.Id) ? TextFlag.EditDrop : TextFlag.None);
        }
        foreach (var cell in placed.GroupBy(one => one.Outcome.Cell!.Value).Select(cell => cell.ToList()))
        {
            foreach (var (one, z) in cell.Zip(RobustZ.Of([.. cell.Select(one => one.Solution.Rewards[0])])))
            {
                flags[one.Solution.Id] |= z > RobustZ.Limit ? TextFlag.HighReward : TextFlag.None;
            }
        }
        var result = new MapFlags(flags);
        result.TakeClean(placed);
        return result;
    }

    /// <summary>Gets the flags of a text.</summary>
    public TextFlag this[long id] => _flags[id];

    /// <summary>Gets the best text without a flag of each cell that has one; of equal ones the first.</summary>
    public IReadOnlyDictionary<int, MapEvent> Clean => _clean;

    /// <summary>Gets how many texts of a cell have no flag.</summary>
    public int CleanCount(int cell) => _cleanCounts.GetValueOrDefault(cell);

    /// <summary>Computes what goes to the summary: texts with each flag, elites with any, and the map without them.</summary>
    public IEnumerable<(string Name, double Value)> Metrics(MapSummary summary)
    {
        yield return ("flagged", _flags.Count(flags => flags != TextFlag.None));
        foreach (var flag in TextFlags.All)
        {
            yield return ($"flagged/{TextFlags.Name(flag)}", _flags.Count(flags => flags.HasFlag(flag)));
        }
        yield return ("flagged_elites", summary.State.Archive.Count(elite => this[elite.Solution.Id] != TextFlag.None));
        yield return ("filtered/coverage", (double)_clean.Count / summary.State.Archive.CellCount);
        if (summary.FirstPhase is { } distribution)
        {
            yield return ("filtered/qd_score", distribution.QdScore(_clean.Values.Select(one => one.Solution.Rewards[0])));
        }
        if (_clean.Count > 0)
        {
            yield return ("filtered/best", _clean.Values.Max(one => one.Solution.Rewards[0]));
        }
    }

    private static TextFlag OfText(MapRecipe recipe, MapSolution solution, string script)
    {
        var flags = TextFlag.None;
        flags |= InstructionEcho.IsIn(solution.Text, InstructionEcho.Requests(recipe, solution)) ? TextFlag.Echo : 0;
        flags |= TextRepetition.IsIn(solution.Text) ? TextFlag.Repetition : 0;
        flags |= WritingScript.ShareOff(solution.Text, script) > WritingScript.Limit ? TextFlag.OffScript : 0;
        flags |= IsElsewhere(recipe, solution) ? TextFlag.JudgeMismatch : 0;
        return flags;
    }

    // Where judges decide the cell, a text lies where they put it.
    private static bool IsElsewhere(MapRecipe recipe, MapSolution solution) => recipe.LabelMode == LabelMode.Requested
        && recipe.Axes.Index().Any(axis => axis.Item is LabelAxisOptions { Judge: not null } && solution.Judged[axis.Index] != solution.Requested[axis.Index]);

    private void TakeClean(List<MapEvent> placed)
    {
        foreach (var one in placed.Where(one => this[one.Solution.Id] == TextFlag.None))
        {
            var cell = one.Outcome.Cell!.Value;
            _cleanCounts[cell] = CleanCount(cell) + 1;
            if (!_clean.TryGetValue(cell, out var best) || one.Solution.Rewards[0] > best.Solution.Rewards[0])
            {
                _clean[cell] = one;
            }
        }
    }
}
