using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli;

/// <summary>Runs one command line and turns what happens into an exit code and a message that helps.</summary>
internal static class CommandRunner
{
    /// <summary>Parses and runs.</summary>
    /// <param name="root">All commands there are.</param>
    /// <param name="args">The command line without the program's name.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where messages go.</param>
    /// <param name="cancellationToken">Asks the command to save what it must and to stop.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(RootCommand root, string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var parsed = root.Parse(args, RootCommandBuilder.ParserConfiguration);
        // Signals are handled by Interruption: the parser's own handler would kill a command that needs seconds to save a checkpoint.
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        if (parsed.Action is ParseErrorAction)
        {
            return WrongUsage(parsed, error);
        }
        try
        {
            // Commands run to their end on this thread: TorchSharp's scopes belong to a thread.
            return parsed.InvokeAsync(configuration, cancellationToken).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            error.WriteLine("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (Exception exception)
        {
            Report(exception, error, parsed.GetValue(CommonOptions.Verbose));
            return ExitCodes.Error;
        }
    }

    private static int WrongUsage(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        var names = command.Subcommands.Select(known => known.Name).Concat(OptionsOf(parsed.CommandResult)).ToList();
        var messages = parsed.UnmatchedTokens
            .Select(token => $"'{token}' is not known to '{command.Name}'. {NearestName.Hint(token, names)}")
            .ToList();
        // What the parser says about an unknown word, and about the command that is missing because of it, is no help any more.
        foreach (var message in messages.Count > 0 ? messages : parsed.Errors.Select(found => found.Message))
        {
            error.WriteLine($"error: {message}");
        }
        return ExitCodes.WrongUsage;
    }

    private static IEnumerable<string> OptionsOf(CommandResult command) =>
        command.Command.Options.Select(option => option.Name)
            .Concat(command.Parent is CommandResult parent ? RecursiveOptionsOf(parent) : []);

    private static IEnumerable<string> RecursiveOptionsOf(CommandResult command) =>
        command.Command.Options.Where(option => option.Recursive).Select(option => option.Name)
            .Concat(command.Parent is CommandResult parent ? RecursiveOptionsOf(parent) : []);

    private static void Report(Exception exception, TextWriter error, bool verbose)
    {
        var isOfFiles = FileErrors.Is(exception);
        var expected = exception is InputException || isOfFiles;
        var message = $"{(expected ? "error" : "internal error")}: {(isOfFiles ? FileErrors.Describe(exception) : exception.Message)}";
        error.WriteLine(expected || verbose ? message : $"{message} (run with --verbose for details)");
        if (verbose)
        {
            error.WriteLine(exception);
        }
    }
}
