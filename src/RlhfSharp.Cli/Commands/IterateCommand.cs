using System.CommandLine;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf iterate</c>: policy and proxy evolve together under a gold reward model.</summary>
internal sealed class IterateCommand : RlhfCommand
{
    private readonly RunArguments _arguments;
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check everything (files, rows, memory) and compute nothing." };

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "How many stages (labels, proxies, policies) are computed at a time; they share the threads. By default as before, or one for each thread where models are small, else 1.",
    };

    public IterateCommand()
        : base("iterate", "Let policy and proxy reward model evolve together under a gold reward model, or go on with it.")
    {
        _arguments = RunArguments.AddTo(
            this, "iterated-matrix", "iterations=2", new Option<string?>("--matrix") { Description = "A recipe with many rows; the same as naming it alone." }, [_dryRun]);
        Add(_workers);
        _workers.Between(1, RecipeCommand.MaxWorkers);
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        if (context.Value(_dryRun))
        {
            foreach (var line in IterationSession.DryRun(RecipeSource.Read(_arguments.RecipePath(context)), context.Value(_arguments.Set) ?? [], device))
            {
                context.Output.WriteLine(line);
            }
            return ExitCodes.Done;
        }
        using var console = new ExperimentConsole(context.Error);
        using var session = context.Value(_arguments.Resume) is { } resumed
            ? IterationSession.Resume(resumed, console, TimeProvider.System)
            : Start(context, device, console);
        try
        {
            using var processes = new MemberProcesses();
            RecipeCommand.Show(context, session.Run(context.Value(_workers), processes, context.CancellationToken));
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
        var source = RecipeSource.Read(_arguments.RecipePath(context));
        var overrides = context.Value(_arguments.Set) ?? [];
        var requires = IterationSession.Check(source, overrides).Requires;
        RecipeCommand.TrainRequired(context, () => RequiredRuns.Missing(source.Name, requires), context.Value(_workers), device, console);
        return IterationSession.Start(source, overrides, context.Value(_arguments.Run), context.Value(_arguments.Overwrite), device, console, TimeProvider.System);
    }
}
