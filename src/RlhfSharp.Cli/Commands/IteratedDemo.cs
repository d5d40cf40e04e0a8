using System.CommandLine;
using System.Globalization;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using Spectre.Console;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf demo iterated</c>: of the claims about iterated RLHF the first two, with one seed and few steps.</summary>
internal sealed class IteratedDemo : DemoPart
{
    private const int Iterations = 3;
    private const string Standard = "S0", Iterated = "I1";

    private static readonly (string Metric, string Meaning)[] Columns =
    [
        ("gold/peak", "gold at its peak"), ("gold/final", "gold at the end"), ("gap/final", "proxy - gold"), ("kl/final", "KL at the end"), ("labels", "labels"),
    ];

    private readonly Option<int> _labels = new("--labels") { Description = "How many labels an iteration asks the gold model for.", DefaultValueFactory = _ => 120 };
    private readonly Option<int> _prompts = new("--prompts") { Description = "How many unseen prompts policies are measured on.", DefaultValueFactory = _ => 60 };

    public IteratedDemo()
        : base("iterated", "Standard RLHF against iterated RLHF: what a policy is worth that learnt from a reward model.", Path.Combine("runs", "demo-iterated"), steps: 180)
    {
        Add(_labels);
        Add(_prompts);
        _labels.AtLeast(4);
        _prompts.AtLeast(8);
    }

    protected override string CommandLine => "rlhf demo iterated";

    protected override RecipeSource Source => RecipeSource.IteratedClaims;

    protected override string DemoName => "iterated-demo";

    protected override IEnumerable<string> Introduction =>
    [
        "A gold reward model stands in for people; it has learnt a written judgement of answers. A proxy learns from its labels, and a policy learns from the proxy, by PPO.",
        $"{Standard} labels once and trains long. {Iterated} labels three times what the newest policy says. Both cost as many labels and as many samples.",
    ];

    protected override IEnumerable<string> Reduction(CommandContext context) =>
    [
        "description='Iterated RLHF in short: one seed, few steps. Where does a policy end that learns from a proxy, and does it help to label again?'",
        "seeds=[0]",
        "row=base",
        $"rows=[{Standard}, {Iterated}]",
        $"labels.perBatch={context.Value(_labels)}",
        $"evaluation.prompts={context.Value(_prompts)}",
    ];

    // Steps are those of the standard row; the other has its share of them in each iteration. What differs between rows is said of each row: a setting of the whole recipe would count for both.
    protected override IEnumerable<string> Length(int steps)
    {
        var each = Math.Max(1, steps / Iterations);
        return
        [
            $"loop.evaluateEvery={Math.Max(1, each / 4)}",
            $"loop.saveEvery={each}",
            $"variants=[{{ name: {Standard}, set: {{ iterations: 1, labels.batchesPerIteration: {Iterations}, loop.maxSteps: {Iterations * each} }} }}, "
                + $"{{ name: {Iterated}, set: {{ iterations: {Iterations}, loop.maxSteps: {each} }} }}]",
        ];
    }

    protected override TrainingResult Perform(
        CommandContext context, RecipeSource source, IReadOnlyList<string> settings, string directory, bool overwrite, Device device, ExperimentConsole console)
    {
        using var session = IterationSession.Start(source, settings, directory, overwrite, device, console, TimeProvider.System);
        try
        {
            using var processes = new MemberProcesses();
            return session.Run(workers: null, processes, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"What was done is saved. Go on with: rlhf iterate --resume {session.Directory}");
            throw;
        }
    }

    protected override void Show(TextWriter output, TrainingResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Title("In standard deviations of the start's answers").AddColumn("row");
        table.AddColumns([.. Columns.Select(column => new TableColumn(column.Meaning).RightAligned())]);
        foreach (var row in new[] { Standard, Iterated })
        {
            table.AddRow([row, .. Columns.Select(column => result.Summary.Metrics[ExperimentSummary.Key(column.Metric, row)].ToString("0.##", CultureInfo.InvariantCulture))]);
        }
        console.Write(table);
        output.WriteLine("One seed says little; the report draws the curves.");
        output.WriteLine($"Report: {result.Report}");
        output.WriteLine("The full experiment, five seeds: rlhf iterate recipes/iterated-claims.yaml");
    }
}
