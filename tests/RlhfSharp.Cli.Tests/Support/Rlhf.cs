namespace RlhfSharp.Cli.Tests.Support;

/// <summary>The command line, in this process or as one of its own.</summary>
internal static class Rlhf
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "rlhf.exe" : "rlhf");

    /// <summary>Runs a command line in this process.</summary>
    public static ChildResult Run(params IReadOnlyList<string> arguments) => Run(CancellationToken.None, arguments);

    /// <summary>Runs a command line in this process; the token stands for Ctrl-C.</summary>
    public static ChildResult Run(CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var exitCode = CommandRunner.Run(RootCommandBuilder.Build(), [.. arguments, "--device", "cpu"], output, error, cancellationToken);
        return new ChildResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts a process.</summary>
    /// <remarks>A shell that starts tests in the background has them ignore Ctrl-C, and what ignores it passes that on.</remarks>
    public static RunningChild Start(string workingDirectory, params IReadOnlyList<string> arguments) => OperatingSystem.IsLinux()
        ? ChildProcess.Start("env", ["--default-signal=INT", Program, .. arguments, "--device", "cpu"], workingDirectory: workingDirectory)
        : ChildProcess.Start(Program, [.. arguments, "--device", "cpu"], workingDirectory: workingDirectory);

    /// <summary>Runs a process to its end in which no file may grow beyond a size, as on a disk that is nearly full.</summary>
    public static ChildResult RunWithFileSizeLimit(int kilobytes, string workingDirectory, params IReadOnlyList<string> arguments) => ChildProcess.Run(
        "/bin/bash",
        ["-c", $"ulimit -f {kilobytes} && exec \"$@\"", "bash", Program, .. arguments, "--device", "cpu"],
        // .NET keeps machine code in a file of two gigabytes unless it is told not to.
        new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" },
        workingDirectory);
}
