using System.CommandLine;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf iterate</c>: policy and proxy evolve together under a gold reward model.</summary>
internal sealed class IterateCommand : RlhfCommand
{
    private readonly Argument<string?> _recipe = new("recipe") { Description = "The recipe, a YAML file.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _matrix = new("--matrix") { Description = "A recipe with many rows; the same as naming it alone." };
    private readonly Option<string?> _run = new("--run") { Description = "The run's folder; by default runs/ and the recipe's name." };
    private readonly Option<string?> _resume = new("--resume") { Description = "Go on with the run in this folder; nothing else is needed." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Remove the run that is in the folder and start anew." };
    private readonly Option<string[]> _set = new("--set") { Description = "Change a setting: --set iterations=2. May be given several times." };

    public IterateCommand()
        : base("iterate", "Let policy and proxy reward model evolve together under a gold reward model, or go on with it.")
    {
        Add(_recipe);
        foreach (var option in new Option[] { _matrix, _run, _resume, _overwrite, _set })
        {
            Add(option);
        }
        Validators.Add(result =>
        {
            if (new[] { result.GetValue(_recipe), result.GetValue(_matrix), result.GetValue(_resume) }.Count(value => value is not null) != 1)
            {
                result.AddError("Name a recipe (rlhf iterate recipes/iterated-elephants.yaml) or a run to go on with (rlhf iterate --resume runs/iterated-elephants).");
            }
            else if (result.GetValue(_resume) is not null && (result.GetValue(_run) is not null || result.GetValue(_set) is { Length: > 0 } || result.GetValue(_overwrite)))
            {
                result.AddError("--resume goes on with a run as it is; it takes no recipe, --run, --set or --overwrite.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        using var console = new ExperimentConsole(context.Error);
        using var session = context.Value(_resume) is { } resumed
            ? IterationSession.Resume(resumed, console, TimeProvider.System)
            : Start(context, device, console);
        try
        {
            RecipeCommand.Show(context, session.Run(context.CancellationToken));
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"What was done is saved. Go on with: rlhf iterate --resume {session.Directory}");
            throw;
        }
    }

    private IterationSession Start(CommandContext context, Device device, ExperimentConsole console)
    {
        var source = RecipeSource.Read(context.Value(_recipe) ?? context.Value(_matrix)!);
        var overrides = context.Value(_set) ?? [];
        var requires = RecipeVariants.Parse<IterationRecipe>(source.Text, source.Name, overrides)[0].Recipe.Requires;
        RecipeCommand.TrainRequired(context, RequiredRuns.Missing(source.Name, requires), showText: false, workers: null, device, console);
        return IterationSession.Start(source, overrides, context.Value(_run), context.Value(_overwrite), device, console, TimeProvider.System);
    }
}
