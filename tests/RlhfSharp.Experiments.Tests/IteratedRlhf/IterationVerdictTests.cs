using RlhfSharp.Experiments.IteratedRlhf;
using static RlhfSharp.Experiments.Tests.IteratedRlhf.PlantedCurves;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

/// <summary>What the report says in words.</summary>
public sealed class IterationVerdictTests
{
    [Fact]
    public void Of_RowsLieApartInEverySeed_SaysByHowMuch()
    {
        var verdict = Verdict([.. Enumerable.Range(0, 3).SelectMany(seed => new[] { Track("low", seed, 0, 0.5, 0.3 + 0.01 * seed), Track("high", seed, 0, 0.5, 0.8 + 0.02 * seed) })]);

        Assert.Contains("high ends highest: gold 0.82 [0.77, 0.87]", verdict, StringComparison.Ordinal);   // 0.82 ± 4.303 · 0.02 / √3
        Assert.Contains("Differences are paired over 3 seeds. Separated from it: low by 0.51 [0.49, 0.53].", verdict, StringComparison.Ordinal);   // 0.50, 0.51 and 0.52
        Assert.DoesNotContain("Not separated", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SeedsDisagree_SaysThatRowsAreNotSeparated()
    {
        var verdict = Verdict([Track("a", 0, 0, 0.9), Track("b", 0, 0, 0.2), Track("a", 1, 0, 0.1), Track("b", 1, 0, 0.6)]);

        Assert.Contains("Not separated from it at this budget: b, 0.10 [−", verdict, StringComparison.Ordinal);
        Assert.DoesNotContain(" Separated", verdict, StringComparison.Ordinal);
    }

    [Fact]   // over prompts they do differ; that is no word about methods
    public void Of_OneSeed_SaysWhatItCannotTell() => Assert.Contains(
        "With one seed the differences are those between these very policies, over prompts; whether the methods differ, only several seeds can tell. Separated from it: b by 0.70",
        Verdict([Track("a", 0, 0, 0.9), Track("b", 0, 0, 0.2)]),
        StringComparison.Ordinal);

    [Fact]
    public void Of_OtherPrompts_AreNotCompared()
    {
        var other = Track("b", 0, 0, 0.2);
        other = other with { Points = [.. other.Points.Select(point => point with { Groups = [.. point.Groups.Reverse()] })] };

        Assert.Contains("for other prompts were held out: b.", Verdict([Track("a", 0, 0, 0.9), other]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_GoldFallsOrRises_TellsOverOptimisationFromTrainingThatWasTooShort()
    {
        var stays = Track("stays", 0, 0, 0.6, 0.6, 0.5);
        var mixed = stays.Points.Select((point, step) => step < 3 ? point : point with { Gold = [.. point.Gold.Select((gold, prompt) => gold + (prompt / 4 % 2 == 0 ? 0.5 : -0.5))] });   // better on some things, worse on others

        var verdict = Verdict([Track("falls", 0, 0, 0.5, 1, 1, 0.4), Track("rises", 0, 0, 0.5, 1, 1.5, 2), stays with { Points = [.. mixed] }]);


        Assert.Contains("Over-optimised, for gold falls from its peak while training goes on: falls by 0.60", verdict, StringComparison.Ordinal);
        Assert.Contains("No fall from the peak that could be told from chance: stays (0.10 [−", verdict, StringComparison.Ordinal);
        Assert.Contains("only a lower bound of where it would turn: rises.", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_EqualLabelsAndOtherSamples_NamesWhoDiffers()
    {
        List<IterationTrack> tracks = [Track("S0", 0, 0, 3), Track("I1", 0, 0, 2), Track("S0-rest", 0, 0, 1)];
        var summary = Summary(tracks, row => row == "S0-rest" ? 2500 : 1000);

        Assert.Equal(
            "Gold labels are equal: 10 in each row. Sampled answers differ: 1,000 in S0, I1, but 2,500 in S0-rest.", IterationBudgets.Describe(summary, Ranked(summary)));
    }

    [Fact]   // seven rows: six colours, so each chart comes twice
    public void AllRows_ManyRows_AreSplitOverCharts()
    {
        List<IterationTrack> tracks = [.. Enumerable.Range(0, 7).Select(row => Track($"row{row}", 0, 0, 0.5, 1 - 0.1 * row))];
        var summary = Summary(tracks);
        var charts = new IterationCharts(tracks, Ranked(summary), IterationTables.ByIteration(tracks, Ranked(summary)));

        Assert.All(charts.AllRows(), chart => Assert.InRange(chart.Series.Count, 1, 6));
        Assert.Equal(["Gold against distance, rows 1 to 6", "Gold against distance, rows 7 to 7"], charts.AllRows().Take(2).Select(chart => chart.Title));
        Assert.Equal(7, charts.EachRow().Count);
        Assert.DoesNotContain(charts.AllRows(), chart => chart.Title.StartsWith("Peak", StringComparison.Ordinal));   // there is one iteration
    }

    [Fact]   // as the points have it, R = d(1.2 − 0.4 log d): the law's line ends where the row ends
    public void EachRow_LawIsPlanted_IsDrawnOverTheRow()
    {
        List<IterationTrack> tracks = [Track("row", 0, [.. Enumerable.Range(0, 10).Select(kl => kl == 0 ? 0 : Math.Sqrt(kl) * (1.2 - 0.2 * Math.Log(kl)))])];
        var law = new IterationCharts(tracks, ["row"], IterationTables.ByIteration(tracks, ["row"])).EachRow()[0].Series.Single(series => series.Name == "law of gold");

        Assert.Equal(0, law.Y[0]);
        Assert.Equal(3, law.X[^1], 1e-9);
        Assert.Equal(3 * (1.2 - 0.4 * Math.Log(3)), law.Y[^1], 0.05);
    }

    private static string Verdict(IReadOnlyList<IterationTrack> tracks)
    {
        var summary = Summary(tracks);
        return IterationVerdict.Of(summary, tracks, Ranked(summary));
    }
}
