namespace RlhfSharp.Cli.Tests.Packaging;

/// <summary>The published command.</summary>
public sealed class PublishTests
{
    [Fact]
    public void Publish_ThisPlatform_RunsWithItsOwnLibTorch()
    {
        using var folder = TestFiles.NewFolder();
        // Not built anew: what is published is what these tests ran. The output folder is named after the configuration.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        ChildProcess.Dotnet(
            TestFiles.RepositoryRoot,
            ["publish", "src/RlhfSharp.Cli", "--no-build", "-c", configuration, "-o", folder.File("rlhf")]);

        var result = ChildProcess.Run(folder.File("rlhf", "rlhf"), ["env", "--json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(folder.File("rlhf"), result.Json.GetProperty("libtorch").GetString());
        }
    }
}
