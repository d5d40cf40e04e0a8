using System.Runtime.InteropServices;

namespace RlhfSharp.Models.Runtime;

/// <summary>Where libtorch may lie, and which of these places counts.</summary>
internal static class LibTorchDirectories
{
    /// <summary>The only version that TorchSharp's native library fits: it is C++ on both sides.</summary>
    public const string Version = "2.10.0";

    /// <summary>Gets the directory the user named, null if none.</summary>
    public static string? Named => NonEmptyVariable(LibTorch.DirectoryVariable);

    /// <summary>Gets the folders that came with the application.</summary>
    public static IEnumerable<string> OfApplication =>
        [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", Platform, "native")];

    /// <summary>Says whether libtorch's main library is in a directory.</summary>
    public static bool Hold(string directory) => File.Exists(Path.Combine(directory, FileName("torch_cpu")));

    /// <summary>Finds the directory to load libtorch from: named by the user, the application's, the NuGet cache's.</summary>
    /// <param name="problem">What is wrong and what can be done about it; set when there is no directory to load from.</param>
    /// <returns>The directory, or null.</returns>
    public static string? Find(out string problem)
    {
        var own = OfApplication.FirstOrDefault(Hold);
        if (Named is { } named)
        {
            // TorchSharp looks into the application's folder first, and two copies of libtorch in one process crash it.
            problem = own is not null && !Same(own, named)
                ? $"This build carries its own libtorch in '{own}', so '{named}' cannot be used. "
                    + "Build with -p:LibTorchBackend=none to choose libtorch at run time."
                : $"{LibTorch.DirectoryVariable}: {LibTorch.MissingIn(named)}";
            return Hold(named) && (own is null || Same(own, named)) ? Path.GetFullPath(named) : null;
        }
        var package = $"libtorch-cpu-{Platform}";
        var cached = OfPackage(package, Version);
        problem = $"libtorch {Version} was not found: neither with the application nor in the NuGet cache ('{cached}'). "
            + $"Fetch it with: dotnet package download {package}@{Version} --output {NuGetCache} - or name a folder that holds it "
            + $"with --libtorch or {LibTorch.DirectoryVariable}.";
        return own ?? (Hold(cached) ? cached : null);
    }

    /// <summary>Gets where a package's native libraries for this platform lie in the NuGet cache, if they are there.</summary>
    /// <param name="package">In lower case.</param>
    /// <param name="version">In full.</param>
    public static string OfPackage(string package, string version) => Path.Combine(NuGetCache, package, version, "runtimes", Platform, "native");

    /// <summary>Gets what this platform calls a library.</summary>
    /// <param name="library">Without prefix and extension.</param>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    private static string NuGetCache =>
        NonEmptyVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static bool Same(string one, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    private static string? NonEmptyVariable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
