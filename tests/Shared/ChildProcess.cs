using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RlhfSharp.Tests;

/// <summary>Runs another program to its end.</summary>
internal static class ChildProcess
{
    // What the test host sets for itself would change what a program started from here does.
    private static readonly string[] HostVariables = ["MSBUILD", "TESTINGPLATFORM", "XUNIT", "RLHFSHARP_LIBTORCH"];

    private static readonly string DotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static readonly string DotnetProgram = Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    /// <summary>Runs the .NET SDK and fails the test if that fails.</summary>
    public static ChildResult Dotnet(
        string workingDirectory,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = TryDotnet(workingDirectory, arguments, environment);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
        return result;
    }

    /// <summary>Runs the .NET SDK, which may fail.</summary>
    public static ChildResult TryDotnet(
        string workingDirectory,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null) =>
        Run(DotnetProgram, arguments, environment, workingDirectory);

    /// <summary>Runs a program; one that takes five minutes is killed and fails the test.</summary>
    public static ChildResult Run(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null)
    {
        using var child = Start(program, arguments, environment, workingDirectory);
        return child.WaitForEnd();
    }

    /// <summary>Starts a program and does not wait for it.</summary>
    public static RunningChild Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? string.Empty,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfHost).ToList())
        {
            start.Environment.Remove(name);
        }
        // Without these, build servers outlive the command and keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_ROOT"] = DotnetRoot;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return new RunningChild(Process.Start(start)!, $"{program} {string.Join(' ', arguments)}");
    }

    private static bool IsOfHost(string variable) =>
        HostVariables.Any(prefix => variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
