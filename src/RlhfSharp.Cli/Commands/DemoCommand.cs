using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using Spectre.Console;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf demo</c>: the random walks in a reduced form, in a few minutes, without a file.</summary>
internal sealed class DemoCommand : RlhfCommand
{
    private const string DemoName = "random-walks-demo";
    private const string FullExperiment = "rlhf train recipes/random-walks-ilql.yaml";
    private const string SyncNever = "sync-never";
    private const int DefaultSteps = 150;

    // One seed, fewer steps, and of the variants the one that shows most: targets that never move.
    private static readonly string[] Reduction =
    [
        $"name={DemoName}",
        "description='The random walks in short: one seed, fewer steps. Does ILQL find the short ways, and does it need its target network?'",
        "seeds=[0]",
        "loop.evaluateEvery=10",
        $"variants=[{{ name: {SyncNever}, set: {{ objective.targetSync: never }} }}]",
    ];

    private static readonly (string Metric, string Meaning)[] Rows =
    [
        ("optimality@beta=0", "not steered"),
        ("optimality@beta=1", "steered a little"),
        ("optimality@beta=100", "steered by Q and V alone"),
    ];

    private readonly Option<string> _run = new("--run")
    {
        Description = "The run's folder.",
        DefaultValueFactory = _ => Path.Combine("runs", "demo"),
    };

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replace an earlier demo in the folder; any other run is left alone.",
    };

    private readonly Option<int?> _steps = new("--steps") { Description = $"The number of optimiser steps; {DefaultSteps} unless given." };

    public DemoCommand()
        : base("demo", "Train, steer and report in a few minutes: random walks, nothing is downloaded.")
    {
        Add(_run);
        Add(_overwrite);
        Add(_steps);
        _steps.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() <= 0)
            {
                result.AddError("--steps must be 1 or more.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var directory = context.Value(_run)!;
        RequireOwn(directory, context.Value(_overwrite));
        using var console = new ExperimentConsole(context.Error);
        console.Say("1,000 random walks on a graph of 21 nodes. ILQL learns from them, never walking itself, the shortest way to the goal.");
        console.Say("Trained twice: with its target network kept up to date, and with one that never moves.");
        var steps = context.Value(_steps) ?? DefaultSteps;
        var source = RecipeSource.RandomWalks with { Command = steps == DefaultSteps ? "rlhf demo" : $"rlhf demo --steps {steps}" };
        using var session = TrainingSession.Start(
            source, [.. Reduction, $"loop.maxSteps={steps}"], directory, context.Value(_overwrite), device, console, TimeProvider.System);
        try
        {
            var result = session.Run(showText: false, context.CancellationToken);
            if (context.Json)
            {
                TrainCommand.Show(context, result);
                return ExitCodes.Done;
            }
            Show(context.Output, result);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"A checkpoint is saved. Go on with: rlhf train --resume {session.Directory}");
            throw;
        }
    }

    // The folder is a user's: the demo removes nothing but an earlier demo.
    private static void RequireOwn(string directory, bool overwrite)
    {
        if (!Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any())
        {
            return;
        }
        if (!overwrite)
        {
            throw new InputException($"'{directory}' exists. Replace an earlier demo by --overwrite, or choose another folder by --run.");
        }
        if (NameOfRun(Path.Combine(directory, "run.json")) != DemoName)
        {
            throw new InputException(
                $"'{directory}' holds something other than an earlier demo, so --overwrite does not remove it. Choose another folder by --run.");
        }
    }

    private static string? NameOfRun(string file)
    {
        try
        {
            return (JsonNode.Parse(File.ReadAllText(file)) as JsonObject)?["name"]?.ToString();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static void Show(TextWriter output, TrainingResult result)
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
        output.WriteLine($"The full experiment, three seeds: {FullExperiment}");
    }

    private static string Cell(TrainingResult result, string metric, string variant) =>
        result.Summary.Metrics[ExperimentSummary.Key(metric, variant)].ToString("F2", CultureInfo.InvariantCulture);
}
