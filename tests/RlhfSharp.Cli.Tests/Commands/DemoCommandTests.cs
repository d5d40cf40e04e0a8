using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class DemoCommandTests
{
    [Fact]
    public void Run_FewSteps_EndsWithTableReportAndNextCommand()
    {
        using var folder = TestFiles.NewFolder();
        var (exitCode, output, error) = Demo(folder.File("demo"), "--steps", "2");
        Assert.True(exitCode == ExitCodes.Done, error);
        Assert.Contains("target never moves", output, StringComparison.Ordinal);
        Assert.Contains($"Report: {folder.File("demo", "report.html")}", output, StringComparison.Ordinal);
        Assert.EndsWith("rlhf train recipes/random-walks-ilql.yaml\n", output, StringComparison.Ordinal);
        Assert.Contains("left", error, StringComparison.Ordinal);
        var report = File.ReadAllText(folder.File("demo", "report.html"));
        Assert.Contains("<code>rlhf demo random-walks --steps 2</code>", report, StringComparison.Ordinal);
        Assert.Contains("Dead target network: sync-never", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Iterated_EndsWithBothRowsReportAndNextCommand()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("demo", "iterated", "--run", folder.File("demo"), "--steps", "3", "--labels", "6", "--prompts", "8");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Matches(@"\bS0 .* 18 ", result.Output);   // three batches of six labels at once
        Assert.Matches(@"\bI1 .* 18 ", result.Output);
        Assert.Contains($"Report: {folder.File("demo", "report.html")}", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("rlhf iterate recipes/iterated-claims.yaml\n", result.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("<code>rlhf demo iterated --steps 3</code>", File.ReadAllText(folder.File("demo", "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Again_ReplacesAnEarlierDemoOnlyWhenAsked()
    {
        using var folder = TestFiles.NewFolder();
        WriteRun(folder.File("demo"), "random-walks-demo");
        Assert.Equal(ExitCodes.Error, Demo(folder.File("demo"), "--steps", "1").ExitCode);
        Assert.True(File.Exists(folder.File("demo", "old.txt")));
        Assert.Equal(ExitCodes.Done, Demo(folder.File("demo"), "--steps", "1", "--overwrite").ExitCode);
        Assert.False(File.Exists(folder.File("demo", "old.txt")));
    }

    [Theory]
    [InlineData("my-experiment")]
    [InlineData(null)]
    public void Run_OverwriteOfSomethingElse_LeavesItAlone(string? runName)
    {
        using var folder = TestFiles.NewFolder();
        WriteRun(folder.File("mine"), runName);
        var (exitCode, _, error) = Demo(folder.File("mine"), "--overwrite");
        Assert.Equal(ExitCodes.Error, exitCode);
        Assert.Contains("holds something other than an earlier demo", error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("mine", "old.txt")));
    }

    [Fact]
    public void Run_NoSteps_IsWrongUsage() =>
        Assert.Equal(ExitCodes.WrongUsage, Demo("unused", "--steps", "0").ExitCode);

    private static void WriteRun(string directory, string? name)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "old.txt"), "old");
        if (name is not null)
        {
            File.WriteAllText(Path.Combine(directory, "run.json"), new JsonObject { ["name"] = name }.ToJsonString());
        }
    }

    private static (int ExitCode, string Output, string Error) Demo(string directory, params string[] options)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        string[] arguments = ["demo", "random-walks", "--run", directory, "--device", "cpu", .. options];
        var exitCode = CommandRunner.Run(RootCommandBuilder.Build(), arguments, output, error, CancellationToken.None);
        return (exitCode, output.ToString(), error.ToString());
    }
}
