using System.Text.Json;

namespace RlhfSharp.Tests;

/// <summary>What a program left behind.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error)
{
    /// <summary>Gets the last line of standard output, which <c>--json</c> makes a JSON object.</summary>
    public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

    /// <summary>Checks that it failed with one line for people, and returns that line.</summary>
    public string AssertFailed(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"ended with {ExitCode}, expected {exitCode}:\n{Output}\n{Error}");
        Assert.Empty(Output);
        return Assert.Single(Error.TrimEnd().Split('\n'));
    }
}
