using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class CauseReportTests
{
    private const string Recipe = """
        name: causes
        seeds: [0, 1, 2]
        row: peer
        model: { path: tiny-world/dialogues }
        data: { kind: pink-elephants }
        objective: { kind: ilql }
        evaluation: { kind: pink-elephants }
        variants:
          - { name: mended, set: { objective.alpha: 0.1 } }
          - { name: broken, set: { objective.alpha: 0.2 } }
          - { name: alike, set: { objective.alpha: 0.3 } }
        """;

    // Peer's seeds lie far apart. Those of a row that follows them by a constant step are separated from it all the same: seeds are pairs.
    private static readonly double[] Peer = [0.30, 0.40, 0.50];

    [Fact]
    public void Blocks_RowsThatFollowTheSeedsOfTheFirst_AreComparedSeedBySeed()
    {
        var changes = Table(Blocks(), "What each row changes against peer");
        Assert.Equal(
            [("mended", "helps"), ("broken", "harms"), ("alike", "not separated at this budget")],
            changes.Rows.Select(row => (row.Label, row.Cells[^1].Text!)));
        Assert.Equal(-0.29, changes.Rows[0].Cells[0].Number!.Value.Value, 12);
        // The differences are −0.28, −0.29 and −0.30: a standard deviation of 0.01 over three seeds.
        Assert.Equal(Statistics.StudentT([-0.28, -0.29, -0.30]).Low, changes.Rows[0].Cells[0].Number!.Value.Interval!.Value.Low, 12);
    }

    [Fact]   // a row that names nothing at all any more reaches one bar of two
    public void Blocks_OnlyOneRowNamesItWhereItMayAndNotWhereItMayNot_SaysWhich()
    {
        var said = Blocks(mended: [0.02, 0.03, 0.04], free: 0.9).OfType<TextBlock>().Last().Text;
        Assert.EndsWith("are reached by the mean of mended, and by no other row.", said, StringComparison.Ordinal);
        said = Blocks(mended: [0.02, 0.03, 0.04], free: 0.1).OfType<TextBlock>().Last().Text;
        Assert.StartsWith("No row reaches both bars", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_Bars_BeginWithTheStart()
    {
        var bars = Blocks().OfType<BarsBlock>().First();
        Assert.Equal(["before training", "peer", "mended", "broken", "alike"], bars.Bars.Select(bar => bar.Label));
        Assert.Equal([0.7, 0.4, 0.11], bars.Bars.Take(3).Select(bar => Math.Round(bar.Value.Value, 9)));
    }

    private static List<IReportBlock> Blocks(double[]? mended = null, double free = 0.9)
    {
        var recipe = RecipeVariants.Parse<TrainingRecipe>(Recipe, "causes.yaml", [])[0].Recipe;
        (string Row, double[] Mentions)[] rows =
        [
            (string.Empty, Peer),
            ("mended", mended ?? [0.02, 0.11, 0.20]),
            ("broken", [0.50, 0.61, 0.70]),
            ("alike", [0.40, 0.30, 0.55]),
        ];
        var results = rows.SelectMany(row => row.Mentions.Select((mention, seed) => (row.Row, (long)seed, new EvaluationResult(new Dictionary<string, double>
        {
            ["mention_rate/start"] = 0.7,
            ["mention_rate/final"] = mention,
            ["mention_rate_uninstructed/start"] = 0.9,
            ["mention_rate_uninstructed/final"] = free + 0.01 * seed,
        })))).ToList();
        return [.. CauseReport.Blocks(ExperimentSummary.Of(results), recipe, [])];
    }

    private static TableBlock Table(IEnumerable<IReportBlock> blocks, string caption) =>
        blocks.OfType<TableBlock>().Single(table => table.Caption.StartsWith(caption, StringComparison.Ordinal));
}
