namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Which texts a report holds: all of them as long as the file stays of a size that a browser opens at once.</summary>
internal static class EmbeddedTexts
{
    /// <summary>So many characters of texts at most: about 10,000 poems of 400.</summary>
    public const int MostCharacters = 4_000_000;

    /// <summary>Chooses. Everything that was ever an elite comes first, with its forebears, then the most rewarded of every cell in turn, then what was rejected.</summary>
    /// <param name="state">The search.</param>
    /// <param name="mostCharacters">The limit.</param>
    /// <returns>Whether to embed each text, by id.</returns>
    public static bool[] Choose(MapState state, int mostCharacters = MostCharacters)
    {
        var chosen = new bool[state.Events.Count];
        var left = mostCharacters;
        foreach (var id in Order(state))
        {
            left -= state.Events[id].Solution.Text.Length;
            if (left < 0)
            {
                break;
            }
            chosen[id] = true;
        }
        return chosen;
    }

    private static IEnumerable<int> Order(MapState state)
    {
        var needed = new bool[state.Events.Count];
        for (var id = state.Events.Count - 1; id >= 0; id--)   // children before their parents
        {
            needed[id] |= state.Events[id].Outcome.Status >= QualityDiversity.Archives.AddStatus.Improved;
            foreach (var parent in state.Events[id].Solution.Parents.Where(_ => needed[id]))
            {
                needed[(int)parent] = true;
            }
        }
        var ranks = new Dictionary<int, int>();
        var rest = state.Events.Where(one => !needed[one.Solution.Id] && one.Outcome.Cell is not null)
            .OrderByDescending(one => one.Solution.Rewards[0]).ThenBy(one => one.Solution.Id)
            .Select(one => (Rank: ranks[one.Outcome.Cell!.Value] = ranks.GetValueOrDefault(one.Outcome.Cell!.Value) + 1, Id: (int)one.Solution.Id))
            .OrderBy(one => one.Rank).ThenBy(one => one.Id).ToList();
        return
        [
            .. Enumerable.Range(0, needed.Length).Where(id => needed[id]),
            .. rest.Select(one => one.Id),
            .. state.Events.Where(one => !needed[one.Solution.Id] && one.Outcome.Cell is null).Select(one => (int)one.Solution.Id),
        ];
    }
}
