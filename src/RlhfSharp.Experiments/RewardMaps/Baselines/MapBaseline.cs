namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A search without what makes a map one, at the same number of evaluations: what the archive is worth, only the difference to such a search tells.</summary>
public enum MapBaseline
{
    /// <summary>The first phase goes on to the end: no text has a parent.</summary>
    Random,

    /// <summary>Parents are drawn from the texts of the first phase only: nothing that was found later is built upon.</summary>
    SeedRewrite,

    /// <summary>An archive of one cell: the parent is always the best text so far.</summary>
    QualityOnly,
}
