using System.CommandLine;
using System.Globalization;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf map</c>: finds out what a reward model rewards, by writing many different texts; or compares the maps of two generators.</summary>
internal sealed class MapCommand : RlhfCommand
{
    private const string DefaultComparison = "runs/before-after";

    private readonly Option<string?> _before = new("--before") { Description = "Compare this map with that of another generator: the same requests, the same reward." };
    private readonly Option<string?> _after = new("--after") { Description = "The map that --before is compared with, by the same recipe but for its generator." };
    private readonly RunArguments _arguments;

    public MapCommand()
        : base("map", "Map what a reward model rewards, by texts that differ, go on with a map, or compare two.")
    {
        _arguments = RunArguments.AddTo(this, "reward-map-hackathon2023", "totalSteps=20", _before, [_after]);
        Validators.Add(result =>
        {
            if (result.GetValue(_before) is null != result.GetValue(_after) is null)
            {
                result.AddError("--before and --after name the two maps to compare, and belong together.");
            }
            else if (result.GetValue(_before) is not null && new Option[] { _arguments.Set, _arguments.Overwrite }.Any(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError("A comparison reads two maps as they are, and replaces an earlier comparison by itself; it takes no --set and no --overwrite.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        if (context.Value(_before) is { } before)
        {
            Show(context, MapComparison.Run(before, context.Value(_after)!, context.Value(_arguments.Run) ?? DefaultComparison));
            return ExitCodes.Done;
        }
        var device = context.SelectDevice();
        using var session = context.Value(_arguments.Resume) is { } resumed
            ? MapSession.Resume(resumed, TimeProvider.System)
            : MapSession.Start(
                _arguments.RecipePath(context), context.Value(_arguments.Set) ?? [], context.Value(_arguments.Run), context.Value(_arguments.Overwrite), device, TimeProvider.System);
        try
        {
            Show(context, Run(session, context));
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            SayHowToGoOn(session, context);
            throw;
        }
    }

    /// <summary>Makes the map and shows how far it is.</summary>
    public static MapResult Run(MapSession session, CommandContext context)
    {
        using var progress = new ShareProgress(context.Error, "mapping");
        return session.RunAsync(progress, context.CancellationToken).GetAwaiter().GetResult();
    }

    /// <summary>Says what became of a map that was interrupted.</summary>
    public static void SayHowToGoOn(MapSession session, CommandContext context) =>
        context.Error.WriteLine($"What was done is saved. Go on with: rlhf map --resume {session.Directory}");

    /// <summary>Prints metrics and what can be said.</summary>
    public static void Show(CommandContext context, MapResult result)
    {
        foreach (var note in result.Notes)
        {
            context.Error.WriteLine(note);
        }
        if (context.Json)
        {
            ResultJson.Write(context, result.Directory, result.Report, result.Seconds, result.Metrics, result.Intervals);
            return;
        }
        foreach (var (name, value) in result.Metrics.Where(metric => !metric.Key.Contains('#')))
        {
            context.Output.WriteLine($"{name,-40}{Text(value),10}{(result.Intervals.TryGetValue(name, out var interval) ? Text(interval) : string.Empty)}");
        }
        if (result.Maps.Count > 0)
        {
            context.Output.WriteLine();
            TerminalHeatMap.Write(context.Output, result.Maps[0]);
        }
        foreach (var conclusion in result.Conclusions)
        {
            context.Output.WriteLine(conclusion);
        }
        context.Output.WriteLine($"Report: {result.Report}");
    }

    private static string Text(double value) => value.ToString(value == Math.Floor(value) && Math.Abs(value) < 1e15 ? "F0" : "F3", CultureInfo.InvariantCulture);

    private static string Text(Interval interval) => string.Create(CultureInfo.InvariantCulture, $"  [{interval.Low:F3}, {interval.High:F3}]");
}
