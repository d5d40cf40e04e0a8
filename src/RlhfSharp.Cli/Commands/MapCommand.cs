using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf map</c>: finds out what a reward model rewards, by writing many different texts.</summary>
internal sealed class MapCommand : RlhfCommand
{
    private readonly Argument<string?> _recipe = new("recipe") { Description = "The recipe, a YAML file.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _run = new("--run") { Description = "The run's folder; by default runs/ and the recipe's name." };
    private readonly Option<string?> _resume = new("--resume") { Description = "Go on with the map in this folder; nothing else is needed." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Remove the run that is in the folder and start anew." };
    private readonly Option<string[]> _set = new("--set") { Description = "Change a setting: --set totalSteps=20. May be given several times." };

    public MapCommand()
        : base("map", "Map what a reward model rewards, by texts that differ, or go on with a map.")
    {
        Add(_recipe);
        foreach (var option in new Option[] { _run, _resume, _overwrite, _set })
        {
            Add(option);
        }
        Validators.Add(result =>
        {
            if ((result.GetValue(_recipe) is null) == (result.GetValue(_resume) is null))
            {
                result.AddError("Name a recipe (rlhf map recipes/reward-map-hackathon2023.yaml) or a map to go on with (rlhf map --resume runs/reward-map-hackathon2023).");
            }
            else if (result.GetValue(_resume) is not null && (result.GetValue(_run) is not null || result.GetValue(_set) is { Length: > 0 } || result.GetValue(_overwrite)))
            {
                result.AddError("--resume goes on with a map as it is; it takes no recipe, --run, --set or --overwrite.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        using var session = context.Value(_resume) is { } resumed
            ? MapSession.Resume(resumed, TimeProvider.System)
            : MapSession.Start(
                context.Value(_recipe)!, context.Value(_set) ?? [], context.Value(_run), context.Value(_overwrite), context.SelectDevice(), TimeProvider.System);
        try
        {
            MapResult result;
            using (var progress = new ShareProgress(context.Error, "mapping"))
            {
                result = session.RunAsync(progress, context.CancellationToken).GetAwaiter().GetResult();
            }
            Show(context, result);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"What was done is saved. Go on with: rlhf map --resume {session.Directory}");
            throw;
        }
    }

    private static void Show(CommandContext context, MapResult result)
    {
        foreach (var note in result.Notes)
        {
            context.Error.WriteLine(note);
        }
        if (context.Json)
        {
            context.WriteJson(new JsonObject
            {
                ["run"] = result.Directory,
                ["report"] = result.Report,
                ["seconds"] = result.Seconds,
                ["metrics"] = new JsonObject(result.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)JsonValue.Create(metric.Value)))),
                ["intervals"] = new JsonObject(result.Intervals.Select(interval => KeyValuePair.Create(interval.Key, (JsonNode?)new JsonArray(interval.Value.Low, interval.Value.High)))),
            });
            return;
        }
        foreach (var (name, value) in result.Metrics.Where(metric => !metric.Key.Contains('#')))
        {
            context.Output.WriteLine($"{name,-32}{Text(value),10}{(result.Intervals.TryGetValue(name, out var interval) ? Text(interval) : string.Empty)}");
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
