using System.Runtime.InteropServices;
using System.Text.Json;

namespace RlhfSharp.Cli.Tests.Packaging;

/// <summary>Which libtorch is fetched.</summary>
public sealed class RestoreTests
{
    [Fact]
    public void Restore_Default_FetchesLibTorchForThisPlatformOnly()
    {
        var assets = Path.Combine(TestFiles.RepositoryRoot, "artifacts", "obj", "RlhfSharp.Cli", "project.assets.json");
        using var document = JsonDocument.Parse(File.ReadAllText(assets));
        var natives = document.RootElement.GetProperty("libraries").EnumerateObject()
            .Select(library => library.Name)
            .Where(name => name.StartsWith("libtorch-", StringComparison.OrdinalIgnoreCase)
                || name.Contains("-cuda-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal([$"libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}/2.10.0"], natives);
    }

    [Theory]
    [InlineData("cpu", "libtorch-cpu-linux-x64")]
    [InlineData("cuda", "TorchSharp-cuda-linux")]
    [InlineData("none", null)]
    public void LibTorchBackend_Linux_SelectsThePackage(string backend, string? expected)
    {
        var output = MSBuild("-getItem:PackageReference", $"-p:LibTorchBackend={backend}").Output;
        var natives = JsonDocument.Parse(output).RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(reference => reference.GetProperty("Identity").GetString()!)
            .Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(expected is null ? [] : [expected], natives);
    }

    [Theory]
    [InlineData("gpu", "linux-x64", "LibTorchBackend is 'gpu'. Allowed: cpu, cuda, none.")]
    [InlineData("cuda", "osx-arm64", "There is no libtorch for 'osx-arm64' with LibTorchBackend 'cuda'. There is one for: linux-x64, win-x64.")]
    public void LibTorchBackend_NotThere_IsClearError(string backend, string platform, string expected)
    {
        var result = MSBuild("-t:CheckLibTorchBackend", $"-p:LibTorchBackend={backend}", $"-p:RuntimeIdentifier={platform}");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    private static ChildResult MSBuild(params string[] arguments) =>
        ChildProcess.TryDotnet(TestFiles.RepositoryRoot, ["msbuild", "src/RlhfSharp.Cli", .. arguments]);
}
