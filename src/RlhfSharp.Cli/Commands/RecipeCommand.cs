using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary>Runs a recipe, or goes on with a run: what <c>rlhf train</c> and <c>rlhf compare</c> share.</summary>
internal abstract class RecipeCommand : RlhfCommand
{
    private const int MaxWorkers = 64;

    private readonly Argument<string?> _recipe = new("recipe") { Description = "The recipe, a YAML file.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _run = new("--run") { Description = "The run's folder; by default runs/ and the recipe's name." };
    private readonly Option<string?> _resume = new("--resume") { Description = "Go on with the run in this folder; nothing else is needed." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Remove the run that is in the folder and start anew." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check everything (files, shapes, memory) and train nothing." };
    private readonly Option<bool> _showText = new("--show-text") { Description = "Let the report show texts of data sets that are withheld otherwise." };
    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "How many runs (seeds, variants, folds) go on at a time; they share the threads. By default 1, or as before.",
    };

    private readonly Option<string[]> _set = new("--set") { Description = "Change a setting: --set loop.maxSteps=20. May be given several times." };

    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="example">The name of a recipe, for the message about a command line without one.</param>
    protected RecipeCommand(string name, string description, string example)
        : base(name, description)
    {
        Add(_recipe);
        foreach (var option in new Option[] { _run, _resume, _overwrite, _dryRun, _showText, _workers, _set })
        {
            Add(option);
        }
        _workers.Between(1, MaxWorkers);
        Validators.Add(result =>
        {
            if ((result.GetValue(_recipe) is null) == (result.GetValue(_resume) is null))
            {
                result.AddError($"Name a recipe (rlhf {name} recipes/{example}.yaml) or a run to go on with (rlhf {name} --resume runs/{example}).");
            }
            else if (result.GetValue(_resume) is not null && (result.GetValue(_run) is not null || result.GetValue(_set) is { Length: > 0 } || result.GetValue(_overwrite) || result.GetValue(_dryRun)))
            {
                result.AddError("--resume goes on with a run as it is; it takes no recipe, --run, --set, --overwrite or --dry-run.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        using var console = new ExperimentConsole(context.Error);
        if (context.Value(_dryRun))
        {
            foreach (var line in DryRun.Check(context.Value(_recipe)!, context.Value(_set) ?? [], device))
            {
                context.Output.WriteLine(line);
            }
            return ExitCodes.Done;
        }
        if (context.Value(_resume) is null)   // a run that was begun has what it reads
        {
            var missing = RequiredRuns.Missing(Source(context), context.Value(_set) ?? []);
            TrainRequired(context, missing, context.Value(_showText), context.Value(_workers), device, console);
        }
        using var session = context.Value(_resume) is { } resumed
            ? TrainingSession.Resume(resumed, null, console, TimeProvider.System)
            : TrainingSession.Start(Source(context), context.Value(_set) ?? [], context.Value(_run), context.Value(_overwrite), device, console, TimeProvider.System);
        try
        {
            Show(context, session.Run(context.Value(_showText), context.Value(_workers), new MemberProcesses(), context.CancellationToken));
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"What was done is saved. Go on with: rlhf {Name} --resume {session.Directory}");
            throw;
        }
    }

    /// <summary>Trains what a recipe reads and what is not there yet.</summary>
    internal static void TrainRequired(
        CommandContext context,
        IReadOnlyList<(RecipeSource Recipe, string Directory, bool IsBegun)> missing,
        bool showText,
        int? workers,
        Device device,
        ExperimentConsole console)
    {
        foreach (var (recipe, directory, isBegun) in missing)
        {
            context.Error.WriteLine($"{recipe.Name} comes first: its run is read.");
            using var session = isBegun
                ? TrainingSession.Resume(directory, null, console, TimeProvider.System)
                : TrainingSession.Start(recipe, [], directory, overwrite: false, device, console, TimeProvider.System);
            session.Run(showText, workers, new MemberProcesses(), context.CancellationToken);
        }
    }

    /// <summary>Reads the recipe that the command line names.</summary>
    /// <exception cref="Models.Runtime.InputException">It cannot be read, or this command cannot run it.</exception>
    protected abstract RecipeSource Source(string path, IReadOnlyList<string> overrides);

    private RecipeSource Source(CommandContext context) => Source(context.Value(_recipe)!, context.Value(_set) ?? []);

    /// <summary>Prints a result: a table for people, or the one JSON line.</summary>
    internal static void Show(CommandContext context, TrainingResult result)
    {
        if (context.Json)
        {
            context.WriteJson(new JsonObject
            {
                ["run"] = result.Directory,
                ["report"] = result.Report,
                ["seconds"] = result.Seconds,
                ["metrics"] = new JsonObject(result.Summary.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)JsonValue.Create(metric.Value)))),
                ["intervals"] = new JsonObject(result.Summary.Intervals.Select(interval => KeyValuePair.Create(interval.Key, (JsonNode?)Pair(interval.Value)))),
            });
            return;
        }
        ResultTable.Write(context.Output, result);
    }

    private static JsonArray Pair(Interval interval) => new(interval.Low, interval.High);
}
