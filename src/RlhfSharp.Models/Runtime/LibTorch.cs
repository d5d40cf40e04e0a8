using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace RlhfSharp.Models.Runtime;

/// <summary>Finds and loads the native half of TorchSharp, also where the system's C++ runtime is too old for it.</summary>
/// <remarks>
/// <para>libtorch is taken from the first of: the directory in the environment variable <c>RLHFSHARP_LIBTORCH</c>, the application's own
/// folder, the NuGet cache. It is loaded when this assembly is first used; the package compiles a call to <see cref="Initialize"/> into
/// programs that reference it, so that this happens before their first tensor.</para>
/// <para>TorchSharp 0.107's Linux library asks for symbol version GLIBCXX_3.4.32 (GCC 13), which Debian 12 and Ubuntu 22.04 lack. The one
/// symbol behind it is never called, so a copy of the library in which that need is marked weak works; it is kept in the user's cache.
/// Files in the NuGet cache or the application's folder are never changed.</para>
/// </remarks>
public static class LibTorch
{
    /// <summary>The environment variable that names a directory with libtorch's libraries; it must be set before the program starts.</summary>
    public const string DirectoryVariable = "RLHFSHARP_LIBTORCH";

    private const string Shim = "LibTorchSharp";
    private const string LibTorchVersion = "2.10.0";
    private const string TooNewVersion = "GLIBCXX_3.4.32";

    /// <summary>Gets why libtorch could not be loaded, with what can be done about it; null when all is well.</summary>
    /// <value>On systems other than Linux always null: there TorchSharp's own search is used.</value>
    public static string? Problem { get; private set; }

    /// <summary>Makes sure that libtorch is loaded; safe to call again and again.</summary>
    public static void Initialize() => RuntimeHelpers.RunModuleConstructor(typeof(LibTorch).Module.ModuleHandle);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp asks no resolver before it looks for its native library.")]
    internal static void LoadOnce()
    {
        // libgomp reads its environment when it is loaded. Spinning workers make two processes on one machine crawl.
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironmentVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
            Problem = TryLoad();
        }
    }

    private static string? TryLoad()
    {
        var searched = SearchDirectories().ToList();
        var directory = searched.FirstOrDefault(HasLibTorch);
        if (directory is null)
        {
            return $"libtorch {LibTorchVersion} was not found in {string.Join(", ", searched.Select(name => $"'{name}'"))}. "
                + $"Restore the package libtorch-cpu-{PortableRuntimeIdentifier} {LibTorchVersion} or name a folder with libtorch's libraries in {DirectoryVariable}.";
        }
        if (Named is not null && !HasLibTorch(Named))
        {
            return $"'{Named}' holds no {FileName("torch_cpu")}. Name the folder with libtorch {LibTorchVersion}'s libraries.";
        }
        if (Named is not null && ApplicationDirectories().FirstOrDefault(HasLibTorch) is { } own && !SameDirectory(own, Named))
        {
            // TorchSharp looks there first, and two copies of libtorch in one process crash it.
            return $"This build carries its own libtorch in '{own}', so '{Named}' cannot be used. Build with -p:LibTorchBackend=none to choose at run time.";
        }
        if (ShimPath(directory) is not { } shimPath)
        {
            return $"{FileName(Shim)}, TorchSharp's native library, lies neither in '{directory}' nor with the application nor in the NuGet cache.";
        }
        try
        {
            foreach (var library in Directory.GetFiles(directory, "libgomp*").Concat(new[] { "c10", "torch_cpu", "torch" }.Select(name => Path.Combine(directory, FileName(name)))))
            {
                NativeLibrary.Load(library);
            }
            if (!NativeLibrary.TryLoad(shimPath, out _))
            {
                NativeLibrary.Load(PatchedCopy(shimPath));
            }
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return $"libtorch in '{directory}' could not be loaded: {exception.Message}";
        }
    }

    private static string? Named => Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } directory ? directory : null;

    private static IEnumerable<string> SearchDirectories()
    {
        if (Named is not null)
        {
            yield return Named;
        }
        foreach (var directory in ApplicationDirectories())
        {
            yield return directory;
        }
        yield return NuGetNative($"libtorch-cpu-{PortableRuntimeIdentifier}", LibTorchVersion);
    }

    private static IEnumerable<string> ApplicationDirectories() =>
    [
        AppContext.BaseDirectory,
        Path.Combine(AppContext.BaseDirectory, "runtimes", PortableRuntimeIdentifier, "native"),
    ];

    // The shim may lie beside libtorch, with the application (a thin tool), or in the NuGet cache.
    private static string? ShimPath(string libTorchDirectory) =>
        ApplicationDirectories()
            .Prepend(libTorchDirectory)
            .Append(NuGetNative("torchsharp", typeof(torch).Assembly.GetName().Version!.ToString(3)))
            .Select(directory => Path.Combine(directory, FileName(Shim)))
            .FirstOrDefault(File.Exists);

    private static string NuGetNative(string package, string version)
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } moved
            ? moved
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Path.Combine(cache, package, version, "runtimes", PortableRuntimeIdentifier, "native");
    }

    private static string PatchedCopy(string shimPath)
    {
        var bytes = File.ReadAllBytes(shimPath);
        var directory = Path.Combine(CacheDirectory(), Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        var copy = Path.Combine(directory, FileName(Shim));
        if (!File.Exists(copy) && ElfSymbolVersions.Weaken(bytes, TooNewVersion))
        {
            Directory.CreateDirectory(directory);
            var temporary = $"{copy}.{Environment.ProcessId}";   // several processes may start at once
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, copy, overwrite: true);
        }
        return File.Exists(copy) ? copy : shimPath;
    }

    private static string CacheDirectory()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } moved
            ? moved
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "rlhfsharp", "native");
    }

    private static bool SameDirectory(string one, string other) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    private static bool HasLibTorch(string directory) => File.Exists(Path.Combine(directory, FileName("torch_cpu")));

    private static string PortableRuntimeIdentifier =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetEnvironmentVariable(string name, string value, int overwrite);
}
