using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RlhfSharp.Tests;

/// <summary>A program that was started and can be waited for, signalled and killed.</summary>
internal sealed class RunningChild : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly string _commandLine;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public RunningChild(Process process, string commandLine)
    {
        (_process, _commandLine) = (process, commandLine);
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits for the end, but no longer than a time; says whether it came.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Waits until something holds or the program ends; says whether it came to hold first.</summary>
    public bool WaitUntil(Func<bool> holds)
    {
        while (!holds())
        {
            if (EndsWithin(TimeSpan.FromMilliseconds(1)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Ends the program at once, as SIGKILL or a power failure does; nothing of it gets to run.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>As <see cref="Kill"/>, but what the program has started goes on; waits until that has come to an end by itself. Linux only.</summary>
    /// <returns>Whether it did within a minute, and how many processes that were.</returns>
    public (bool Ended, int Count) KillAlone()
    {
        var started = ProcessTable.ChildrenOf(_process.Id);
        _process.Kill();
        _process.WaitForExit();
        return (SpinWait.SpinUntil(() => !started.Any(ProcessTable.IsRunning), TimeSpan.FromMinutes(1)), started.Count);
    }

    /// <summary>Sends a signal as Ctrl-C does.</summary>
    public void Interrupt()
    {
        const int Sigint = 2;
        if (SendSignal(_process.Id, Sigint) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits for the end; a program that takes five minutes is killed and fails the test.</summary>
    public ChildResult WaitForEnd()
    {
        if (!_process.WaitForExit(Patience))
        {
            Kill();
            Assert.Fail($"{_commandLine} was still running after {Patience.TotalMinutes} minutes.");
        }
        return new ChildResult(_process.ExitCode, _output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
