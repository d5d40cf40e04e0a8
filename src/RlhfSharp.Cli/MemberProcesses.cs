using System.Diagnostics;
using System.Globalization;
using RlhfSharp.Cli.Commands;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli;

/// <summary>Runs single runs of an experiment by starting this program once more for each: <see cref="MemberCommand"/>.</summary>
internal sealed class MemberProcesses : IMemberProcesses
{
    public void Run(string directory, int index, int? stopAfter, int threads, string device, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo(directory, index, stopAfter, threads, device))!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string? error = null;
        // The end of its input asks the process to stop. So it does too when this process is killed.
        using (cancellationToken.Register(process.StandardInput.Close))
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                var message = MemberMessage.Parse(line);
                error ??= message.Error;
                message.Tell(observer);
            }
            process.WaitForExit();
        }
        if (error is not null)
        {
            throw new InputException(error);
        }
        if (process.ExitCode == ExitCodes.Interrupted)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        if (process.ExitCode != ExitCodes.Done)
        {
            throw new InvalidOperationException($"The process of run {index} ended with code {process.ExitCode}: {errors.GetAwaiter().GetResult().Trim()}");
        }
    }

    private static ProcessStartInfo StartInfo(string directory, int index, int? stopAfter, int threads, string device)
    {
        var (program, first) = Program();
        return new ProcessStartInfo(
            program,
            [
                .. first,
                MemberCommand.CommandName, directory,
                "--index", index.ToString(CultureInfo.InvariantCulture),
                .. stopAfter is { } step ? [MemberCommand.StopAfterName, step.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
                "--threads", threads.ToString(CultureInfo.InvariantCulture),
                "--device", device,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    // This program, however it was started: by its own executable (that of a .NET tool lies elsewhere), by dotnet, or inside a host.
    private static (string Program, string[] First) Program()
    {
        var name = typeof(MemberProcesses).Assembly.GetName().Name!;
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == name)
        {
            return (Environment.ProcessPath!, []);
        }
        var besides = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? $"{name}.exe" : name);
        return File.Exists(besides) ? (besides, []) : ("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll")]);
    }
}
