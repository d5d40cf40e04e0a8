using System.Diagnostics.CodeAnalysis;

namespace RlhfSharp.Training.Loop;

/// <summary>Keeps memory flat over long runs.</summary>
public static class HostMemory
{
    private const int StepsBetweenCollections = 20;

    /// <summary>Collects the youngest generation every 20 steps.</summary>
    /// <param name="step">The number of updates so far.</param>
    /// <remarks>A step allocates so little managed memory that no collection would ever come, while the native scalars behind small managed
    /// objects pile up and fragment the heap. This costs nothing that can be measured.</remarks>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "This is the one place that may.")]
    public static void CollectIfDue(int step)
    {
        if (step % StepsBetweenCollections == 0)
        {
            GC.Collect(0);
        }
    }
}
