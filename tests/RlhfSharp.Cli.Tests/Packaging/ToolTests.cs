using System.IO.Compression;

namespace RlhfSharp.Cli.Tests.Packaging;

/// <summary>The packed command, installed and run as a user would.</summary>
public sealed class ToolTests(PackedFixture packed)
{
    private static readonly string[] NeededLibraries = ["libc10.so", "libgomp-98b21ff3.so.1", "libtorch.so", "libtorch_cpu.so"];

    [Fact]
    public void Package_Tool_IsThin()
    {
        var package = packed.Package("RlhfSharp.Cli");
        Assert.True(new FileInfo(package).Length < 60_000_000, $"{package} is {new FileInfo(package).Length} bytes");
        using var archive = ZipFile.OpenRead(package);
        Assert.DoesNotContain(archive.Entries, entry => entry.Name.Contains("torch_cpu", StringComparison.Ordinal));
        Assert.Contains(archive.Entries, entry => entry.FullName.EndsWith("runtimes/linux-x64/native/libLibTorchSharp.so", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RlhfSharp.Cli", "tools/net10.0/any/models/tiny-world")]
    [InlineData("RlhfSharp.Experiments", "contentFiles/any/any/models/tiny-world")]
    public void Package_ToolAndLibrary_BringTheBuiltInModels(string name, string folder)
    {
        using var archive = ZipFile.OpenRead(packed.Package(name));
        var entries = archive.Entries.Select(entry => entry.FullName).ToList();
        Assert.All(["dialogues", "gold", "judge", "poems", "small", "taste"], model => Assert.Contains($"{folder}/{model}/model.safetensors", entries));
    }

    [Fact]
    public void Run_NothingNamed_UsesLibTorchOfNuGetCache()
    {
        var result = Rlhf([]);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(PackedFixture.CachedLibTorch, result.Json.GetProperty("libtorch").GetString());
    }

    [Fact]
    public void Run_LibTorchOption_UsesThatDirectory()
    {
        using var directory = LibTorchElsewhere();
        var result = Rlhf(["--libtorch", directory.Path], NoCache());
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(directory.Path, result.Json.GetProperty("libtorch").GetString());
    }

    [Fact]
    public void Run_LibTorchVariable_UsesThatDirectory()
    {
        using var directory = LibTorchElsewhere();
        var result = Rlhf([], NoCache(directory.Path));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(directory.Path, result.Json.GetProperty("libtorch").GetString());
    }

    [Fact]
    public void Run_LibTorchOptionAndVariable_OptionWins()
    {
        using var directory = LibTorchElsewhere();
        var result = Rlhf(["--libtorch", directory.Path], NoCache("/nowhere"));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(directory.Path, result.Json.GetProperty("libtorch").GetString());
    }

    [Fact]
    public void Run_LibTorchOptionWithoutLibTorch_IsWrongUsage()
    {
        var message = Rlhf(["--libtorch", packed.EmptyCache]).AssertFailed(exitCode: 2);
        Assert.StartsWith($"error: --libtorch: '{packed.EmptyCache}' holds no libtorch_cpu.so. Name the folder", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_LibTorchVariableWithoutLibTorch_IsClearError()
    {
        var message = Rlhf([], NoCache("/nowhere")).AssertFailed(exitCode: 1);
        Assert.StartsWith("error: RLHFSHARP_LIBTORCH: '/nowhere' is not a folder", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_LibTorchThatCannotBeLoaded_IsClearError()
    {
        using var directory = TestFiles.NewFolder();
        foreach (var library in NeededLibraries)
        {
            File.WriteAllText(directory.File(library), "not a library");
        }
        var message = Rlhf(["--libtorch", directory.Path]).AssertFailed(exitCode: 1);
        Assert.StartsWith($"error: libtorch in '{directory.Path}' could not be loaded: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoLibTorchAnywhere_SaysHowToGetIt()
    {
        var message = Rlhf([], NoCache()).AssertFailed(exitCode: 1);
        Assert.StartsWith("error: libtorch 2.10.0 was not found", message, StringComparison.Ordinal);
        Assert.Contains($"dotnet package download libtorch-cpu-linux-x64@2.10.0 --output {packed.EmptyCache} ", message, StringComparison.Ordinal);
        Assert.Contains("RLHFSHARP_LIBTORCH", message, StringComparison.Ordinal);
    }

    private ChildResult Rlhf(string[] arguments, Dictionary<string, string>? environment = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libtorch is chosen at run time on Linux only");
        return ChildProcess.Run(packed.Tool, ["env", "--json", .. arguments], environment);
    }

    private Dictionary<string, string> NoCache(string libTorch = "") => new()
    {
        ["NUGET_PACKAGES"] = packed.EmptyCache,
        ["RLHFSHARP_LIBTORCH"] = libTorch,
    };

    private static TemporaryFolder LibTorchElsewhere()
    {
        var folder = new TemporaryFolder("libtorch");
        foreach (var library in NeededLibraries)
        {
            File.CreateSymbolicLink(folder.File(library), Path.Combine(PackedFixture.CachedLibTorch, library));
        }
        return folder;
    }
}
