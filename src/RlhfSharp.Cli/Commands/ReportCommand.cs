using System.CommandLine;
using RlhfSharp.Experiments.Runs;

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
        RecipeCommand.Show(context, TrainingSession.Report(context.Value(_run)!, context.Value(_showText)));
        return ExitCodes.Done;
    }
}
