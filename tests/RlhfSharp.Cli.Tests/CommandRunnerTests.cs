using System.CommandLine;
using RlhfSharp.Cli.Commands;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Tests;

public sealed class CommandRunnerTests
{
    [Theory]
    [InlineData("evn", "error: 'evn' is not known to 'rlhf'. Did you mean 'env'? Allowed: --device, ")]
    [InlineData("env --devise cpu", "error: '--devise' is not known to 'env'. Did you mean '--device'? Allowed: --device, --help, --json, --lib")]
    [InlineData("env --device gpu", "error: --device: 'gpu' is not a device. Allowed: auto, cpu, cuda, cuda:N with N from 0.")]
    [InlineData("env --libtorch /nowhere", "error: --libtorch: '/nowhere' is not a folder; it should hold ")]
    [InlineData("", "error: Required command was not provided.")]
    public void Run_WrongUsage_SaysWhatIsAllowed(string commandLine, string expected)
    {
        var root = RootCommandBuilder.Build();
        var (exitCode, output, error) = Run(root, commandLine);
        Assert.Equal(ExitCodes.WrongUsage, exitCode);
        Assert.Empty(output);
        // The program is called rlhf; in a test it is called after the test host.
        Assert.StartsWith(expected.Replace("'rlhf'", $"'{root.Name}'", StringComparison.Ordinal), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("env --help")]
    [InlineData("--version")]
    public void Run_AskedForHelpOrVersion_IsDone(string commandLine)
    {
        var (exitCode, output, error) = Run(RootCommandBuilder.Build(), commandLine);
        Assert.Equal((ExitCodes.Done, ""), (exitCode, error));
        Assert.NotEmpty(output);
    }

    [Fact]
    public void Run_InputException_ShowsItsMessageOnly()
    {
        var (exitCode, _, error) = Run(Root(new InputException("model/config.json: no such file.")), "fail");
        Assert.Equal((ExitCodes.Error, "error: model/config.json: no such file.\n"), (exitCode, error));
    }

    [Fact]
    public void Run_FileError_ShowsItsMessageOnly()
    {
        var (exitCode, _, error) = Run(Root(new IOException("No space left on device : '/x'")), "fail");
        Assert.Equal((ExitCodes.Error, "error: No space left on device : '/x'\n"), (exitCode, error));
    }

    [Fact]
    public void Run_UnexpectedException_PointsToVerbose()
    {
        var (exitCode, _, error) = Run(Root(new InvalidOperationException("Queue empty.")), "fail");
        Assert.Equal((ExitCodes.Error, "internal error: Queue empty. (run with --verbose for details)\n"), (exitCode, error));
    }

    [Fact]
    public void Run_ExceptionAndVerbose_ShowsWhereItArose()
    {
        var (exitCode, _, error) = Run(Root(new InputException("Bad row.")), "fail --verbose");
        Assert.Equal(ExitCodes.Error, exitCode);
        Assert.StartsWith("error: Bad row.\n", error, StringComparison.Ordinal);
        Assert.Contains("at RlhfSharp.Cli.Tests.CommandRunnerTests.FailCommand.Run(", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Interrupted_Returns130()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var (exitCode, _, error) = Run(Root(new OperationCanceledException()), "fail", source.Token);
        Assert.Equal((ExitCodes.Interrupted, "Interrupted.\n"), (exitCode, error));
    }

    [Fact]
    public void Run_CancelledWithoutInterruption_IsAnError()
    {
        var (exitCode, _, _) = Run(Root(new TaskCanceledException("The endpoint took too long.")), "fail");
        Assert.Equal(ExitCodes.Error, exitCode);
    }

    [Fact]
    public void Run_TextThatStartsWithAt_IsNoFileName()
    {
        var argument = new Argument<string>("text");
        var command = new EchoCommand(argument);
        Assert.Equal((ExitCodes.Done, "@home\n", ""), Run(new RootCommand { command }, "echo @home"));
    }

    private static (int ExitCode, string Output, string Error) Run(
        RootCommand root,
        string commandLine,
        CancellationToken cancellationToken = default)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var exitCode = CommandRunner.Run(root, commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error, cancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static RootCommand Root(Exception exception)
    {
        var root = RootCommandBuilder.Build();
        root.Add(new FailCommand(exception));
        return root;
    }

    private sealed class FailCommand(Exception exception) : RlhfCommand("fail", "Fails.")
    {
        protected override int Run(CommandContext context) => throw exception;
    }

    private sealed class EchoCommand : RlhfCommand
    {
        private readonly Argument<string> _text;

        public EchoCommand(Argument<string> text)
            : base("echo", "Says it again.")
        {
            _text = text;
            Add(text);
        }

        protected override int Run(CommandContext context)
        {
            context.Output.WriteLine(context.Value(_text));
            return ExitCodes.Done;
        }
    }
}
