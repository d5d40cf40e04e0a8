using RlhfSharp.Cli.Tests.Packaging;

[assembly: AssemblyFixture(typeof(PackedFixture))]

namespace RlhfSharp.Cli.Tests.Packaging;

/// <summary>All packages, built once for all tests that use them, in a folder that serves as a package source.</summary>
public sealed class PackedFixture : IDisposable
{
    /// <summary>What the version ends in, so that no package source has it.</summary>
    private const string VersionSuffix = "packaging-test";

    private readonly TemporaryFolder _folder = new("packages");
    private readonly Lazy<string> _feed;
    private readonly Lazy<string> _tool;

    public PackedFixture()
    {
        _feed = new Lazy<string>(Pack);
        _tool = new Lazy<string>(InstallTool);
    }

    /// <summary>Gets the folder with the packages.</summary>
    public string Feed => _feed.Value;

    /// <summary>Gets the installed command.</summary>
    public string Tool => _tool.Value;

    /// <summary>Gets an empty NuGet cache.</summary>
    public string EmptyCache => Directory.CreateDirectory(_folder.File("empty")).FullName;

    /// <summary>Gets the machine's NuGet cache, which all packaging tests share.</summary>
    public static string NuGetCache { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } moved
        ? moved
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Gets where libtorch lies in that cache.</summary>
    public static string CachedLibTorch { get; } = Path.Combine(NuGetCache, "libtorch-cpu-linux-x64", "2.10.0", "runtimes", "linux-x64", "native");

    /// <summary>Finds a package.</summary>
    public string Package(string name) => Assert.Single(Directory.GetFiles(Feed, $"{name}.*{VersionSuffix}.nupkg"));

    /// <summary>Gets a package's version.</summary>
    public string Version(string name) => Path.GetFileNameWithoutExtension(Package(name))[(name.Length + 1)..];

    public void Dispose() => _folder.Dispose();

    private string Pack()
    {
        var feed = _folder.File("feed");
        ChildProcess.Dotnet(
            TestFiles.RepositoryRoot,
            [
                "pack", "-c", "Release", "-p:LibTorchBackend=none", $"-p:VersionSuffix={VersionSuffix}",
                "-o", feed, "--artifacts-path", _folder.File("build"),
            ]);
        return feed;
    }

    private string InstallTool()
    {
        var folder = _folder.File("tool");
        ChildProcess.Dotnet(
            _folder.Path,
            ["tool", "install", "RlhfSharp.Cli", "--tool-path", folder, "--add-source", Feed, "--version", Version("RlhfSharp.Cli")]);
        return Path.Combine(folder, "rlhf");
    }
}
