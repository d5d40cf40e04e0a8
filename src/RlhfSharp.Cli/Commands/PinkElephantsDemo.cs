using System.CommandLine;
using System.Globalization;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using Spectre.Console;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf demo pink-elephants</c>: one seed, fewer steps and fewer dialogues.</summary>
internal class PinkElephantsDemo : DemoPart
{
    private readonly Option<int> _dialogues = new("--dialogues")
    {
        Description = "How many unseen dialogues the start and the trained model answer.",
        DefaultValueFactory = _ => 400,
    };

    public PinkElephantsDemo()
        : this("pink-elephants", "Teach a small model not to mention what it was told not to mention.", Path.Combine("runs", "demo-pink-elephants"))
    {
    }

    protected PinkElephantsDemo(string name, string description, string directory)
        : base(name, description, directory, steps: 120)
    {
        Add(_dialogues);
        _dialogues.AtLeast(10);
    }

    protected override string CommandLine => "rlhf demo pink-elephants";

    protected override RecipeSource Source => RecipeSource.PinkElephants;

    protected override string DemoName => "pink-elephants-demo";

    protected override IEnumerable<string> Reduction(CommandContext context) =>
    [
        "description='Pink elephants in short: one seed, fewer steps and dialogues. Can a model learn to leave out what it was told to leave out?'",
        "seeds=[0]",
        "loop.evaluateEvery=60",
        "loop.saveEvery=60",
        $"evaluation.evaluationDialogues={context.Value(_dialogues)}",
        $"evaluation.validationDialogues={Math.Max(10, context.Value(_dialogues) / 5)}",
    ];

    protected override IEnumerable<string> Introduction =>
    [
        "A small model, told not to mention a thing, mentions it all the same. ILQL learns from rewarded dialogues (+1, -1) to leave it out,",
        "about pairs of things that it has never seen in an instruction. Whether it does so only when told, mention_rate_uninstructed says.",
    ];

    protected override void Show(TextWriter output, TrainingResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Title("Answers about unseen pairs of things").AddColumn("score");
        table.AddColumn(new TableColumn("start").RightAligned()).AddColumn(new TableColumn("after training").RightAligned());
        foreach (var bar in ScoreBars.Bars.Where(bar => result.Summary.Metrics.ContainsKey($"{bar.Metric}/final")))
        {
            table.AddRow(Markup.Escape(bar.Metric), Cell(result, $"{bar.Metric}/start"), Cell(result, $"{bar.Metric}/final"));
        }
        console.Write(table);
        output.WriteLine($"Report: {result.Report}");
        output.WriteLine("The full experiment, three seeds: rlhf train recipes/pink-elephants-ilql.yaml");
    }

    private static string Cell(TrainingResult result, string name) =>
        result.Summary.Metrics.TryGetValue(name, out var value) ? value.ToString("F3", CultureInfo.InvariantCulture) : string.Empty;
}
