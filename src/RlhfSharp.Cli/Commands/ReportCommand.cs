using System.CommandLine;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Experiments.Sweeps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf report</c>: makes the report of a run once more.</summary>
internal sealed class ReportCommand : RlhfCommand
{
    private readonly Argument<string> _run = new("run") { Description = "The run's folder." };
    private readonly Option<bool> _showText = new("--show-text") { Description = "Let the report show texts of data sets that are withheld otherwise." };

    public ReportCommand()
        : base("report", "Make the report of a run once more, from what lies in its folder.")
    {
        Add(_run);
        Add(_showText);
    }

    protected override int Run(CommandContext context)
    {
        var run = context.Value(_run)!;
        using var console = new ExperimentConsole(context.Error);
        switch (RunFacts.KindOf(run))
        {
            case RunFacts.Iterate:
                RecipeCommand.Show(context, IterationSession.Report(run, console, TimeProvider.System));
                break;
            case RunFacts.Sweep:
                SweepCommand.Show(context, SweepSession.Report(run, console, TimeProvider.System));
                break;
            case RunFacts.Map:
                throw new InputException($"'{run}' is a map: rlhf map --resume {run} writes its report once more.");
            default:
                RecipeCommand.Show(context, TrainingSession.Report(run, context.Value(_showText)));
                break;
        }
        return ExitCodes.Done;
    }
}
