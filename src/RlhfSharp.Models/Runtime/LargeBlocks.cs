using System.Runtime.InteropServices;

namespace RlhfSharp.Models.Runtime;

/// <summary>Has the C library take large blocks of memory from the system one by one and give them back one by one, instead of from its heap.</summary>
/// <remarks>
/// <para>Left alone, glibc moves the limit up to 32 MB as blocks are freed. Activations of some megabytes then come and go on the heap between others that stay, and
/// in glibc before 2.38 an aligned block, as libtorch asks for, does not fit into the hole that one of its own size has left: a training step takes up to
/// half as much memory again as its tensors. It costs time, the more the narrower a model is, for every page is cleared anew: 6% of a step at width 512 and 74% at width 128 were measured,
/// once each, on a busy machine. So it is done for large runs only, and blocks below 5 MB stay on the heap always.</para>
/// <para>What the environment says (<c>MALLOC_MMAP_THRESHOLD_</c>, <c>MALLOC_TRIM_THRESHOLD_</c>, <c>GLIBC_TUNABLES</c>) goes first.</para>
/// </remarks>
public static class LargeBlocks
{
    // Above the 4 MiB of a small model's widest results, where what the system's pages cost would show.
    private const int Limit = 5 << 20;
    private const int KeptAtTheTop = 64 << 20;   // what glibc comes to by itself; naming the limit alone would leave 128 KB

    private const int TrimThreshold = -1;   // M_TRIM_THRESHOLD
    private const int MapThreshold = -3;    // M_MMAP_THRESHOLD

    private static readonly string[] Variables = ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"];

    /// <summary>Sets the limit for the rest of the process, where the C library is glibc; elsewhere nothing is done.</summary>
    public static void TakeFromTheSystem()
    {
        if (OperatingSystem.IsLinux() && !Array.Exists(Variables, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }) && NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, "mallopt", out _))
        {
            _ = SetOption(MapThreshold, Limit);
            _ = SetOption(TrimThreshold, KeptAtTheTop);
        }
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
