using System.CommandLine;

namespace RlhfSharp.Cli.Commands;

/// <summary>A command of <c>rlhf</c>: declares its arguments in its constructor and does its work in <see cref="Run"/>.</summary>
internal abstract class RlhfCommand : Command
{
    protected RlhfCommand(string name, string description)
        : base(name, description)
    {
        SetAction((arguments, cancellationToken) => Task.FromResult(Run(new CommandContext(arguments, cancellationToken))));
    }

    /// <summary>Does the work, on the calling thread.</summary>
    /// <param name="context">Arguments, output, cancellation.</param>
    /// <returns>One of <see cref="ExitCodes"/>; errors are thrown.</returns>
    protected abstract int Run(CommandContext context);
}
