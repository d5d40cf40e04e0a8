using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class MapDemoTests
{
    [Fact]
    public void Run_FewPoems_EndsWithWhatIsFoundAndTheReport()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("demo", "map", "--run", folder.File("demo"), "--evaluations", "45");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Matches(@"planted: \d+ of 11 effects found, \d of 6 claimed where there is none", result.Output);
        Assert.EndsWith($"Report: {folder.File("demo", "report.html")}", result.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(60, File.ReadLines(folder.File("demo", "events.jsonl")).Count());   // whole steps of 20
        Assert.Contains("The full experiment: rlhf map recipes/reward-map-tinyworld.yaml", result.Error, StringComparison.Ordinal);
        Assert.Contains("What is planted, and what is found", File.ReadAllText(folder.File("demo", "report.html")), StringComparison.Ordinal);

        Assert.Contains("Replace an earlier demo by --overwrite", Rlhf.Run("demo", "map", "--run", folder.File("demo")).AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
        Directory.CreateDirectory(folder.File("mine"));
        File.WriteAllText(folder.File("mine", "kept.txt"), "kept");
        Assert.Contains("something other than an earlier demo", Rlhf.Run("demo", "map", "--run", folder.File("mine"), "--overwrite").AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("mine", "kept.txt")));
    }

    [Fact]
    public void Run_TooFewPoems_IsWrongUsage() => Assert.Equal(ExitCodes.WrongUsage, Rlhf.Run("demo", "map", "--evaluations", "39").ExitCode);
}
