using System.CommandLine;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary>A part of the demo: a recipe of the program's own in a reduced form, in a few minutes, without a file.</summary>
internal abstract class DemoPart : RlhfCommand
{
    private readonly Option<string> _run;

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replace an earlier demo in the folder; any other run is left alone.",
    };

    private readonly Option<int?> _steps;

    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="directory">Where the run goes unless told otherwise.</param>
    /// <param name="steps">The number of optimiser steps unless told otherwise.</param>
    protected DemoPart(string name, string description, string directory, int steps)
        : base(name, description)
    {
        DefaultSteps = steps;
        _run = new Option<string>("--run") { Description = "The run's folder.", DefaultValueFactory = _ => directory };
        _steps = new Option<int?>("--steps") { Description = $"The number of optimiser steps; {steps} unless given." };
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

    /// <summary>Gets the number of steps unless told otherwise.</summary>
    protected int DefaultSteps { get; }

    /// <summary>Gets the command line that the report names.</summary>
    protected abstract string CommandLine { get; }

    /// <summary>Gets the recipe.</summary>
    protected abstract RecipeSource Source { get; }

    /// <summary>Gets the run's name, by which an earlier demo is known.</summary>
    protected abstract string DemoName { get; }

    /// <summary>Lists the settings that make it short, the number of steps aside.</summary>
    protected abstract IEnumerable<string> Reduction(CommandContext context);

    /// <summary>Gets what to say before it starts.</summary>
    protected abstract IEnumerable<string> Introduction { get; }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var directory = context.Value(_run)!;
        DemoFolder.RequireOwn(directory, context.Value(_overwrite), DemoName);
        using var console = new ExperimentConsole(context.Error);
        foreach (var line in Introduction)
        {
            console.Say(line);
        }
        var steps = context.Value(_steps) ?? DefaultSteps;
        var source = Source with { Command = steps == DefaultSteps ? CommandLine : $"{CommandLine} --steps {steps}" };
        var result = Perform(context, source, [$"name={DemoName}", .. Reduction(context), .. Length(steps)], directory, context.Value(_overwrite), device, console);
        if (context.Json)
        {
            RecipeCommand.Show(context, result);
            return ExitCodes.Done;
        }
        Show(context.Output, result);
        return ExitCodes.Done;
    }

    /// <summary>Lists the settings that make it as long as asked.</summary>
    protected virtual IEnumerable<string> Length(int steps) => [$"loop.maxSteps={steps}"];

    /// <summary>Runs the recipe. Where it is cancelled, a line says how to go on.</summary>
    protected virtual TrainingResult Perform(
        CommandContext context, RecipeSource source, IReadOnlyList<string> settings, string directory, bool overwrite, Device device, ExperimentConsole console)
    {
        using var session = TrainingSession.Start(source, settings, directory, overwrite, device, console, TimeProvider.System);
        try
        {
            using var processes = new MemberProcesses();
            return session.Run(showText: false, workers: null, processes, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"A checkpoint is saved. Go on with: rlhf train --resume {session.Directory}");
            throw;
        }
    }

    /// <summary>Prints a short table, the report's path and the command of the full experiment.</summary>
    protected abstract void Show(TextWriter output, TrainingResult result);
}
