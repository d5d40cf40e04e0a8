using System.CommandLine;
using System.Text.Json;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary>Runs a recipe, or goes on with a run: what <c>rlhf train</c> and <c>rlhf compare</c> share.</summary>
internal abstract class RecipeCommand : RlhfCommand
{
    /// <summary>The most runs that go on at a time.</summary>
    internal const int MaxWorkers = 64;

    private readonly RunArguments _arguments;
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check everything (files, shapes, memory) and train nothing." };
    private readonly Option<string?> _rollouts = new("--rollouts")
    {
        Description = "A folder of samples that runs share: what on-policy objectives draw is kept there, and taken from there where it would be the same. Short for --set rollouts=...",
    };

    private readonly Option<bool> _showText = new("--show-text") { Description = "Let the report show texts of data sets that are withheld otherwise." };
    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "How many runs (seeds, variants, folds) go on at a time; they share the threads. By default 1, or as before.",
    };

    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="example">The name of a recipe, for the message about a command line without one.</param>
    protected RecipeCommand(string name, string description, string example)
        : base(name, description)
    {
        _arguments = RunArguments.AddTo(this, example, "loop.maxSteps=20", newRunOnly: [_dryRun, _rollouts]);
        Add(_showText);
        Add(_workers);
        _workers.Between(1, MaxWorkers);
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        using var console = new ExperimentConsole(context.Error);
        if (context.Value(_dryRun))
        {
            foreach (var line in DryRun.Check(_arguments.RecipePath(context), Overrides(context), device))
            {
                context.Output.WriteLine(line);
            }
            return ExitCodes.Done;
        }
        if (context.Value(_arguments.Resume) is null)   // a run that was begun has what it reads
        {
            var (source, overrides) = (Source(context), Overrides(context));
            TrainingSession.Check(source, overrides);
            TrainRequired(context, () => RequiredRuns.Missing(source, overrides), context.Value(_workers), device, console);
        }
        using var session = context.Value(_arguments.Resume) is { } resumed
            ? TrainingSession.Resume(resumed, null, console, TimeProvider.System)
            : TrainingSession.Start(Source(context), Overrides(context), context.Value(_arguments.Run), context.Value(_arguments.Overwrite), device, console, TimeProvider.System);
        try
        {
            using var processes = new MemberProcesses();
            Show(context, session.Run(context.Value(_showText), context.Value(_workers), processes, context.CancellationToken));
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"What was done is saved. Go on with: rlhf {Name} --resume {session.Directory}");
            throw;
        }
    }

    /// <summary>Trains what a recipe reads and what is not there yet.</summary>
    /// <param name="context">For output and cancellation.</param>
    /// <param name="missing">Lists it.</param>
    /// <param name="workers">How many runs go on at a time; null for one.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="console">Where to show it.</param>
    /// <exception cref="InputException">A run is there and done, but with other seeds than its recipe has now.</exception>
    internal static void TrainRequired(
        CommandContext context, Func<IReadOnlyList<(RecipeSource Recipe, string Directory, bool IsBegun)>> missing, int? workers, Device device, ExperimentConsole console)
    {
        foreach (var (recipe, directory, isBegun) in missing())
        {
            context.Error.WriteLine($"{recipe.Name} comes first: its run is read.");
            using var session = isBegun
                ? TrainingSession.Resume(directory, null, console, TimeProvider.System)
                : TrainingSession.Start(recipe, [], directory, overwrite: false, device, console, TimeProvider.System);
            using var processes = new MemberProcesses();
            session.Run(showText: false, workers, processes, context.CancellationToken);
        }
        if (missing() is [var (still, folder, _), ..])
        {
            throw new InputException($"The run '{folder}' is done, but not with the seeds and variants that {still.Name} has now. Make it anew by: rlhf train {still.Name} --overwrite");
        }
    }

    /// <summary>Reads the recipe that the command line names.</summary>
    /// <exception cref="Models.Runtime.InputException">It cannot be read, or this command cannot run it.</exception>
    protected abstract RecipeSource Source(string path, IReadOnlyList<string> overrides);

    private string[] Overrides(CommandContext context) =>
        [.. context.Value(_arguments.Set) ?? [], .. context.Value(_rollouts) is { } folder ? [$"rollouts={JsonSerializer.Serialize(folder)}"] : Array.Empty<string>()];

    private RecipeSource Source(CommandContext context) => Source(_arguments.RecipePath(context), Overrides(context));

    /// <summary>Prints a result: a table for people, or the one JSON line.</summary>
    internal static void Show(CommandContext context, TrainingResult result)
    {
        if (context.Json)
        {
            ResultJson.Write(context, result.Directory, result.Report, result.Seconds, result.Summary.Metrics, result.Summary.Intervals);
            return;
        }
        ResultTable.Write(context.Output, result);
    }
}
