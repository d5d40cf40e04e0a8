using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using Spectre.Console;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf demo iterated</c>: of the claims about iterated RLHF the first two, with one seed, few labels and few steps. A small gold reward model is trained first, in a folder beside
/// the demo's.</summary>
internal sealed class IteratedDemo : DemoPart
{
    private const int Iterations = 3;
    private const int PairsPerStep = 16;   // with fewer, the gold model does not find out which name is the forbidden one
    private const int HeldOutShare = 10;   // one pair in so many measures the gold model
    private const int UsualJudgements = 3200;
    private const string GoldName = "iterated-demo-gold";
    private const string Start = "tiny-world/dialogues";
    private const string Standard = "S0", Iterated = "I1";

    private static readonly (string Metric, string Meaning)[] Columns =
    [
        ("gold/peak", "gold at its peak"), ("gold/final", "gold at the end"), ("gap/final", "proxy - gold"), ("kl/final", "KL at the end"), ("labels", "labels"),
    ];

    private readonly Option<int> _labels = new("--labels") { Description = "How many labels an iteration asks the gold model for.", DefaultValueFactory = _ => 80 };
    private readonly Option<int?> _judgements = new("--judgements") { Description = $"How many judged pairs of answers the gold model learns from; {UsualJudgements} unless given." };
    private readonly Option<int> _prompts = new("--prompts") { Description = "How many unseen prompts policies are measured on.", DefaultValueFactory = _ => 60 };

    public IteratedDemo()
        : base("iterated", "Standard RLHF against iterated RLHF: what a policy is worth that learnt from a reward model.", Path.Combine("runs", "demo-iterated"), steps: 60)
    {
        Add(_labels);
        Add(_judgements);
        Add(_prompts);
        _labels.AtLeast(4);
        _judgements.Between(60, JudgementFiles.MostPairs);
        _prompts.AtLeast(8);
    }

    protected override string CommandLine => "rlhf demo iterated";

    protected override RecipeSource Source => RecipeSource.IteratedClaims;

    protected override string DemoName => "iterated-demo";

    protected override IEnumerable<string> Introduction =>
    [
        "A gold reward model stands in for people; it learns a written judgement of answers first. A proxy learns from its labels, and a policy learns from the proxy, by PPO.",
        $"{Standard} labels once and trains long. {Iterated} labels three times what the newest policy says. Both cost as many labels and as many samples.",
    ];

    protected override IEnumerable<string> Reduction(CommandContext context) =>
    [
        "description='Iterated RLHF in short: one seed, few labels and steps. Where does a policy end that learns from a proxy, and does it help to label again?'",
        "seeds=[0]",
        "requires=[]",
        $"model.path={Start}",
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
        var gold = TrainGold(context, $"{Path.TrimEndingDirectorySeparator(directory)}-gold", overwrite, device, console);
        using var session = IterationSession.Start(source, [.. settings, $"gold.path={JsonSerializer.Serialize(gold)}"], directory, overwrite, device, console, TimeProvider.System);
        try
        {
            return session.Run(workers: null, new MemberProcesses(), context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"What was done is saved. Go on with: rlhf iterate --resume {session.Directory}");
            throw;
        }
    }

    // Its answers to learn from lie in its own folder's sibling too: a run's folder holds nothing but the run.
    private string TrainGold(CommandContext context, string directory, bool overwrite, Device device, ExperimentConsole console)
    {
        DemoFolder.RequireOwn(directory, overwrite, GoldName);
        var (data, pairs) = ($"{directory}-data", context.Value(_judgements) ?? UsualJudgements);
        console.Say("Answers are judged.");
        JudgementFiles.Write(data, Start, pairs, seed: 0, device, progress: null, context.CancellationToken);
        var steps = Math.Max(1, pairs * (HeldOutShare - 1) / HeldOutShare / PairsPerStep);
        using var session = TrainingSession.Start(
            RecipeSource.IteratedGold with { Command = CommandLine },
            [
                $"name={GoldName}", $"data.files=[{JsonSerializer.Serialize(Path.Combine(data, JudgementFiles.TrainingFile))}]", $"data.folds={HeldOutShare}", "optimizer.learningRate=1e-3", "optimizer.warmupSteps=10",
                $"loop.rowsPerStep={PairsPerStep}", $"loop.maxSteps={steps}", "loop.evaluateEvery=0", "evaluation.baselines=false",
            ],
            directory,
            overwrite,
            device,
            console,
            TimeProvider.System);
        var accuracy = session.Run(showText: false, workers: null, new MemberProcesses(), context.CancellationToken).Summary.Metrics["eval_accuracy"];
        console.Say(string.Create(CultureInfo.InvariantCulture, $"The gold model agrees with {accuracy:P0} of judgements that it has not seen."));
        return directory;
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
