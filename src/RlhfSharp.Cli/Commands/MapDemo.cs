using System.CommandLine;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf demo map</c>: the built-in world's reward map with fewer poems.</summary>
internal sealed class MapDemo : RlhfCommand
{
    private const string DemoName = "reward-map-demo";
    private const int BatchSize = 20;   // a model writes 20 poems in little more time than 10

    private readonly Option<string> _run = new("--run") { Description = "The run's folder.", DefaultValueFactory = _ => Path.Combine("runs", "demo-map") };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace an earlier demo in the folder; any other run is left alone." };
    private readonly Option<int> _evaluations = new("--evaluations") { Description = $"How many poems are written and scored; rounded up to a multiple of {BatchSize}.", DefaultValueFactory = _ => 600 };

    public MapDemo()
        : base("map", "Map what a reward model likes in poems, and see what it has learnt of the taste it was taught.")
    {
        foreach (var option in new Option[] { _run, _overwrite, _evaluations })
        {
            Add(option);
        }
        _evaluations.AtLeast(2 * BatchSize);
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var directory = context.Value(_run)!;
        DemoFolder.RequireOwn(directory, context.Value(_overwrite), DemoName);
        var evaluations = context.Value(_evaluations);
        context.Error.WriteLine($"A small model writes {evaluations} poems, half of them from scratch and half out of earlier ones, and a reward model scores them.");
        context.Error.WriteLine("That model has learnt from pairs of poems; what is truly liked in them is known. How much of it does a map of the model find?");
        context.Error.WriteLine("The full experiment: rlhf map recipes/reward-map-tinyworld.yaml");
        var steps = (evaluations + BatchSize - 1) / BatchSize;
        using var session = MapSession.Start(
            RecipeSource.RewardMap,
            [$"name={DemoName}", $"batchSize={BatchSize}", $"totalSteps={steps}", $"startSteps={steps / 2}"],
            directory, context.Value(_overwrite), device, TimeProvider.System);
        try
        {
            MapCommand.Show(context, MapCommand.Run(session, context));
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            MapCommand.SayHowToGoOn(session, context);
            throw;
        }
    }
}
