using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace RlhfSharp.Models.Runtime;

/// <summary>TorchSharp's own native library, which stands between it and libtorch.</summary>
/// <remarks>TorchSharp 0.107's Linux library asks for symbol version GLIBCXX_3.4.32 (GCC 13), which Debian 12 and Ubuntu 22.04 lack. The
/// one symbol behind it is never called, so a copy of the library in which that need is marked weak works; it is kept in the user's
/// cache. Files in the NuGet cache or the application's folder are never changed.</remarks>
internal static class LibTorchShim
{
    private const string TooNewVersion = "GLIBCXX_3.4.32";

    /// <summary>Gets the library's file name.</summary>
    public static string FileName { get; } = LibTorchDirectories.FileName("LibTorchSharp");

    /// <summary>Finds the library: beside libtorch, with the application (a thin tool), or in the NuGet cache.</summary>
    /// <param name="libTorchDirectory">Where libtorch lies.</param>
    /// <returns>The full path, or null.</returns>
    public static string? Find(string libTorchDirectory) =>
        LibTorchDirectories.OfApplication
            .Prepend(libTorchDirectory)
            .Append(LibTorchDirectories.OfPackage("torchsharp", typeof(torch).Assembly.GetName().Version!.ToString(3)))
            .Select(directory => Path.Combine(directory, FileName))
            .FirstOrDefault(File.Exists);

    /// <summary>Loads the library, or the copy that does without the newer C++ runtime.</summary>
    /// <param name="path">The library as it was published.</param>
    /// <exception cref="DllNotFoundException">Neither can be loaded.</exception>
    public static void Load(string path)
    {
        if (!NativeLibrary.TryLoad(path, out _))
        {
            NativeLibrary.Load(PatchedCopy(path));
        }
    }

    private static string PatchedCopy(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var directory = Path.Combine(CacheDirectory(), Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        var copy = Path.Combine(directory, FileName);
        if (!File.Exists(copy) && ElfSymbolVersions.Weaken(bytes, TooNewVersion))
        {
            Directory.CreateDirectory(directory);
            var temporary = $"{copy}.{Environment.ProcessId}";   // several processes may start at once
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, copy, overwrite: true);
        }
        return File.Exists(copy) ? copy : path;
    }

    private static string CacheDirectory()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } moved
            ? moved
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "rlhfsharp", "native");
    }
}
