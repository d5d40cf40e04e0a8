namespace RlhfSharp.Experiments.Reports;

/// <summary>Says in a report what its experiment cannot show.</summary>
internal static class CaveatBlocks
{
    /// <summary>Makes the blocks.</summary>
    /// <param name="caveats">Sentences of the recipe.</param>
    /// <returns>Nothing where there are none.</returns>
    public static IEnumerable<IReportBlock> Of(IReadOnlyList<string> caveats) =>
        caveats.Count == 0 ? [] : [new HeadingBlock("What this does not show"), .. caveats.Select(text => new TextBlock(text))];
}
