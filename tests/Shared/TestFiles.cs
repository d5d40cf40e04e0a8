using System.Runtime.CompilerServices;

namespace RlhfSharp.Tests;

/// <summary>Where tests find the repository, its fixtures and the real data beside it.</summary>
internal static class TestFiles
{
    /// <summary>Gets the folder that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>Gets the folder of golden values that came with the project.</summary>
    public static string Fixtures { get; } = Path.Combine(RepositoryRoot, "tests", "fixtures");

    /// <summary>Finds a file or folder of the real data beside the repository, or skips the test where there is none.</summary>
    public static string SharedData(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([RepositoryRoot, "..", "shared", "data", .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"needs ../shared/data/{string.Join('/', parts)}, which is not here");
        return path;
    }

    /// <summary>Makes an empty folder that is removed with the returned object.</summary>
    public static TemporaryFolder NewFolder([CallerMemberName] string name = "") => new(name);

    private static string FindRepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RlhfSharp.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"No RlhfSharp.slnx above {AppContext.BaseDirectory}.");
        }
        return folder;
    }
}
