using System.Diagnostics;
using System.Globalization;
using RlhfSharp.Cli.Commands;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli;

/// <summary>This program, started once more to do what it is told: <see cref="MemberCommand"/>.</summary>
internal sealed class MemberProcess : IDisposable
{
    private readonly (string Directory, int Threads, string Device) _task;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private MemberProcess(string directory, int threads, string device)
    {
        _task = (directory, threads, device);
        _process = Process.Start(StartInfo(directory, threads, device))!;
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Starts a process for an experiment.</summary>
    /// <param name="directory">The experiment's folder.</param>
    /// <param name="threads">How many threads it computes with.</param>
    /// <param name="device">Where it computes.</param>
    public static MemberProcess Start(string directory, int threads, string device) => new(directory, threads, device);

    /// <summary>Says whether it can do work of this kind.</summary>
    public bool Serves(string directory, int threads, string device) => _task == (directory, threads, device) && !_process.HasExited;

    /// <summary>Has it do something, and passes on what it tells until it is done.</summary>
    /// <param name="order">What.</param>
    /// <param name="observer">Is told.</param>
    /// <param name="cancellationToken">On cancellation the process commits what it has done and ends.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the process has ended.</exception>
    /// <exception cref="InputException">What the process found wrong; it has ended.</exception>
    /// <exception cref="InvalidOperationException">The process has ended for another reason.</exception>
    public void Do(MemberOrder order, IRunObserver observer, CancellationToken cancellationToken)
    {
        Order(order);
        string? error = null;
        // The end of its input asks the process to stop. So it does too when this process is killed.
        using (cancellationToken.Register(CloseInput))
        {
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                var message = MemberMessage.Parse(line);
                if (message.IsDone)
                {
                    return;
                }
                error ??= message.Error;
                message.Tell(observer);
            }
            _process.WaitForExit();
        }
        if (error is not null)
        {
            throw new InputException(error);
        }
        if (_process.ExitCode == ExitCodes.Interrupted)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        throw new InvalidOperationException($"The process of run {order.Index} ended with code {_process.ExitCode}: {_errors.GetAwaiter().GetResult().Trim()}");
    }

    /// <summary>Lets it end, and waits for it.</summary>
    public void Dispose()
    {
        CloseInput();
        _process.StandardOutput.ReadToEnd();   // a process whose output nobody reads could not end
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Order(MemberOrder order)
    {
        try
        {
            _process.StandardInput.WriteLine(order.ToLine());
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It is gone, and its exit code says why.
        }
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // What a process that is gone has not read is of no use any more.
        }
    }

    private static ProcessStartInfo StartInfo(string directory, int threads, string device)
    {
        var (program, first) = Program();
        return new ProcessStartInfo(
            program, [.. first, MemberCommand.CommandName, directory, "--threads", threads.ToString(CultureInfo.InvariantCulture), "--device", device])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    // This program, however it was started: by its own executable (that of a .NET tool lies elsewhere), by dotnet, or inside a host.
    private static (string Program, string[] First) Program()
    {
        var name = typeof(MemberProcess).Assembly.GetName().Name!;
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == name)
        {
            return (Environment.ProcessPath!, []);
        }
        var besides = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? $"{name}.exe" : name);
        return File.Exists(besides) ? (besides, []) : ("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll")]);
    }
}
