using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using Spectre.Console;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf demo random-walks</c>: one seed, fewer steps, and of the variants the one that shows most: targets that never move.</summary>
internal sealed class RandomWalksDemo() : DemoPart(
    "random-walks", "Learn the shortest ways on a graph from aimless walks.", Path.Combine("runs", "demo-random-walks"), steps: 150)
{
    private const string SyncNever = "sync-never";

    private static readonly (string Metric, string Meaning)[] Rows =
    [
        ("optimality@beta=0", "not steered"),
        ("optimality@beta=1", "steered a little"),
        ("optimality@beta=100", "steered by Q and V alone"),
    ];

    protected override string CommandLine => "rlhf demo random-walks";

    protected override RecipeSource Source => RecipeSource.RandomWalks;

    protected override string DemoName => "random-walks-demo";

    protected override IEnumerable<string> Reduction(CommandContext context) =>
    [
        "description='The random walks in short: one seed, fewer steps. Does ILQL find the short ways, and does it need its target network?'",
        "seeds=[0]",
        "loop.evaluateEvery=10",
        $"variants=[{{ name: {SyncNever}, set: {{ objective.targetSync: never }} }}]",
    ];

    protected override IEnumerable<string> Introduction =>
    [
        "1,000 random walks on a graph of 21 nodes. ILQL learns from them, never walking itself, the shortest way to the goal.",
        "Trained twice: with its target network kept up to date, and with one that never moves.",
    ];

    protected override void Show(TextWriter output, TrainingResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Title("How direct the walks are: 1 is the shortest way").AddColumn("generation");
        table.AddColumn(new TableColumn("target kept up to date").RightAligned());
        table.AddColumn(new TableColumn("target never moves").RightAligned());
        foreach (var (metric, meaning) in Rows)
        {
            table.AddRow($"{meaning} ({metric[(metric.IndexOf('@') + 1)..]})", Cell(result, metric, string.Empty), Cell(result, metric, SyncNever));
        }
        console.Write(table);
        output.WriteLine($"Report: {result.Report}");
        output.WriteLine("The full experiment, three seeds: rlhf train recipes/random-walks-ilql.yaml");
    }

    private static string Cell(TrainingResult result, string metric, string variant) =>
        result.Summary.Metrics[ExperimentSummary.Key(metric, variant)].ToString("F2", CultureInfo.InvariantCulture);
}
