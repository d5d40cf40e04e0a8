using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Experiments.Sweeps;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf sweep</c>: searches the settings of a recipe, or goes on with a search.</summary>
internal sealed class SweepCommand : RlhfCommand
{
    private const int TrialsShown = 10;

    private readonly RunArguments _arguments;
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check everything, list the trials and train nothing." };
    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "How many training runs go on at a time. By default as many as fit into memory, at most one per thread, or as before.",
    };

    private readonly Option<int?> _trials = new("--trials") { Description = "How many trials there shall be; a random sweep that is gone on with may have more than before." };

    public SweepCommand()
        : base("sweep", "Search the settings of a recipe, or go on with a search.")
    {
        _arguments = RunArguments.AddTo(this, "pink-elephants-ilql-sweep", "sweep.trials=8", newRunOnly: [_dryRun]);
        Add(_workers);
        Add(_trials);
        _workers.Between(1, RecipeCommand.MaxWorkers);
        _trials.Between(1, int.MaxValue);
    }

    /// <summary>Prints a result: a table for people, or the one JSON line.</summary>
    internal static void Show(CommandContext context, SweepResult result)
    {
        var best = result.Best;
        if (context.Json)
        {
            context.WriteJson(new JsonObject
            {
                ["run"] = result.Directory,
                ["report"] = result.Report,
                ["seconds"] = result.Seconds,
                ["best"] = new JsonObject
                {
                    ["trial"] = best.Trial.Index,
                    ["settings"] = best.Trial.SettingsJson(),
                    ["value"] = best.Last!.Value,
                    ["meets_bars"] = best.Last.MeetsBars,
                    ["steps"] = best.Last.Step,
                },
                ["trials"] = new JsonObject
                {
                    ["total"] = result.Trials.Count,
                    ["done"] = result.Count(TrialStatus.Done),
                    ["stopped"] = result.Count(TrialStatus.Stopped),
                    ["failed"] = result.Count(TrialStatus.Failed),
                },
                ["metrics"] = new JsonObject(best.Last.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
                ["intervals"] = new JsonObject(),
            });
            return;
        }
        context.Output.WriteLine($"{"trial",-12}{"steps",7}  {"bars",-7}{result.Sweep.Metric}");
        foreach (var trial in result.Trials.Take(TrialsShown))
        {
            var (value, steps, bars) = trial.Last is { } last ? (Number(last.Value), last.Step.ToString(CultureInfo.InvariantCulture), last.MeetsBars ? "met" : "missed") : ("-", "-", "-");
            context.Output.WriteLine($"{trial.Trial.Name,-12}{steps,7}  {bars,-7}{(trial.Status == TrialStatus.Failed ? "failed" : value)}  {Text(trial.Trial)}");
        }
        if (result.Trials.Count > TrialsShown)
        {
            context.Output.WriteLine($"... and {result.Trials.Count - TrialsShown} more, {result.Count(TrialStatus.Failed)} of all failed");
        }
        context.Output.WriteLine($"Best: {Path.Combine(result.Directory, "best.yaml")}");
        context.Output.WriteLine($"Report: {result.Report}");
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        using var console = new ExperimentConsole(context.Error);
        if (context.Value(_dryRun))
        {
            foreach (var line in SweepSession.DryRun(Source(context), Overrides(context), device))
            {
                context.Output.WriteLine(line);
            }
            return ExitCodes.Done;
        }
        using var session = context.Value(_arguments.Resume) is { } resumed
            ? SweepSession.Resume(resumed, context.Value(_trials), console, TimeProvider.System)
            : Start(context, device, console);
        try
        {
            using var processes = new MemberProcesses();
            Show(context, session.Run(context.Value(_workers), processes, context.CancellationToken));
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"What was done is saved. Go on with: rlhf sweep --resume {session.Directory}");
            throw;
        }
    }

    private SweepSession Start(CommandContext context, Device device, ExperimentConsole console)
    {
        var (source, overrides) = (Source(context), Overrides(context));
        var requires = SweepPlan.Read(source, overrides).Recipe.Requires;
        RecipeCommand.TrainRequired(context, () => RequiredRuns.Missing(source.Name, requires), workers: null, device, console);
        return SweepSession.Start(source, overrides, context.Value(_arguments.Run), context.Value(_arguments.Overwrite), device, console, TimeProvider.System);
    }

    private RecipeSource Source(CommandContext context) => RecipeSource.Read(_arguments.RecipePath(context));

    private string[] Overrides(CommandContext context) =>
        [.. context.Value(_arguments.Set) ?? [], .. context.Value(_trials) is { } trials ? [FormattableString.Invariant($"sweep.trials={trials}")] : Array.Empty<string>()];

    private static string Text(SweepTrial trial) => string.Join(' ', trial.Settings.Select(setting => $"{setting.Key}={setting.Value}"));

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
