using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RlhfSharp.Models.Runtime;

/// <summary>Finds and loads the native half of TorchSharp, also where the system's C++ runtime is too old for it.</summary>
/// <remarks>
/// <para>libtorch is taken from the first of: the directory in the environment variable <c>RLHFSHARP_LIBTORCH</c>, the application's own
/// folder, the NuGet cache. It is loaded when this assembly is first used; the package compiles a call to <see cref="Initialize"/> into
/// programs that reference it, so that this happens before their first tensor.</para>
/// <para>On Linux only: elsewhere TorchSharp's own search is used, which knows the application's folder and the NuGet cache.</para>
/// </remarks>
public static class LibTorch
{
    /// <summary>The environment variable that names a directory with libtorch's libraries; it must be set before this assembly is used.</summary>
    public const string DirectoryVariable = "RLHFSHARP_LIBTORCH";

    /// <summary>Gets why libtorch could not be loaded, with what can be done about it; null when all is well.</summary>
    public static string? Problem { get; private set; }

    /// <summary>Gets the directory that libtorch was loaded from.</summary>
    /// <value>Null when it was not loaded, and on systems other than Linux.</value>
    public static string? DirectoryInUse { get; private set; }

    /// <summary>Makes sure that libtorch has been looked for; safe to call again and again, and never throws.</summary>
    public static void Initialize() => RuntimeHelpers.RunModuleConstructor(typeof(LibTorch).Module.ModuleHandle);

    /// <summary>Stops here with the reason if libtorch could not be loaded, rather than at the first tensor with a misleading one.</summary>
    /// <exception cref="InputException">See <see cref="Problem"/>.</exception>
    public static void ThrowIfNotLoaded()
    {
        if (Problem is not null)
        {
            throw new InputException(Problem);
        }
    }

    /// <summary>Says whether a directory holds libtorch.</summary>
    /// <param name="directory">May be missing.</param>
    /// <returns>Whether its main library is there; not whether it is of the right version.</returns>
    public static bool IsIn(string directory) => LibTorchDirectories.Hold(directory);

    /// <summary>Words the error about a directory for which <see cref="IsIn"/> is false.</summary>
    /// <param name="directory">The directory as the user wrote it.</param>
    /// <returns>One sentence on what is missing and one on what is wanted.</returns>
    public static string MissingIn(string directory) =>
        $"'{directory}' {(Directory.Exists(directory) ? "holds no" : "is not a folder; it should hold")} "
        + $"{LibTorchDirectories.FileName("torch_cpu")}. Name the folder with the libraries of libtorch {LibTorchDirectories.Version}.";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp asks no resolver before it looks for its native library.")]
    internal static void LoadOnce()
    {
        if (OperatingSystem.IsLinux())
        {
            // libgomp reads its environment when it is loaded. Spinning workers make two processes on one machine crawl.
            _ = SetEnvironmentVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
            Problem = Load();
        }
        else if (LibTorchDirectories.Named is not null)
        {
            Problem = $"{DirectoryVariable} (and --libtorch) works on Linux only. Unset it: TorchSharp looks in the NuGet cache by itself.";
        }
    }

    private static string? Load()
    {
        if (LibTorchDirectories.Find(out var problem) is not { } directory)
        {
            return problem;
        }
        if (LibTorchShim.Find(directory) is not { } shim)
        {
            return $"{LibTorchShim.FileName}, TorchSharp's native library, lies neither in '{directory}' "
                + "nor with the application nor in the NuGet cache.";
        }
        try
        {
            // By full path and in the order of their dependencies: TorchSharp finds by name what is loaded already.
            var libraries = new[] { "c10", "torch_cpu", "torch" }.Select(name => Path.Combine(directory, LibTorchDirectories.FileName(name)));
            foreach (var library in Directory.GetFiles(directory, "libgomp*").Concat(libraries))
            {
                NativeLibrary.Load(library);
            }
            LibTorchShim.Load(shim);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return $"libtorch in '{directory}' could not be loaded: {exception.Message.ReplaceLineEndings(" ").TrimEnd()}";
        }
        DirectoryInUse = Path.TrimEndingDirectorySeparator(directory);
        return null;
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetEnvironmentVariable(string name, string value, int overwrite);
}
