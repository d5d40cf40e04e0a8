using System.Text.Json;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class EnvCommandTests
{
    [Fact]
    public void Run_Json_LastLineIsOneObjectWithEveryFact()
    {
        var output = new StringWriter();
        var exitCode = Run(["env", "--json", "--device", "cpu"], output, TextWriter.Null);
        Assert.Equal(ExitCodes.Done, exitCode);
        var facts = JsonDocument.Parse(output.ToString().TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(
            ["rlhf", "dotnet", "system", "torchsharp", "libtorch", "devices", "device", "threads"],
            facts.EnumerateObject().Select(fact => fact.Name));
        Assert.Equal("cpu", facts.GetProperty("devices")[0].GetString());
        Assert.Equal("cpu", facts.GetProperty("device").GetString());
        Assert.True(facts.GetProperty("threads").GetInt32() > 0);
        Assert.DoesNotContain('+', facts.GetProperty("rlhf").GetString()!);
    }

    [Fact]
    public void Run_DeviceThatIsNotThere_IsAnErrorThatListsWhatIs()
    {
        var error = new StringWriter();
        var exitCode = Run(["env", "--device", "cuda:99"], TextWriter.Null, error);
        Assert.Equal(ExitCodes.Error, exitCode);
        Assert.StartsWith("error: The device 'cuda:99' is not available. This machine has", error.ToString(), StringComparison.Ordinal);
    }

    private static int Run(string[] args, TextWriter output, TextWriter error) =>
        CommandRunner.Run(RootCommandBuilder.Build(), args, output, error, CancellationToken.None);
}
