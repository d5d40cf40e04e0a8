using RlhfSharp.Benchmarks.Measuring;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Work that is done in two ways: ours, and the plain rendering's.</summary>
internal interface IContest : IDisposable
{
    /// <summary>Gets the tokens of one run, or solutions or maps, as the workload counts them.</summary>
    long Tokens { get; }

    /// <summary>Gets the floating-point operations that a run cannot do without: padding, repetitions and unread scores do not count. 0 where
    /// there are none worth counting.</summary>
    double UsefulFlops { get; }

    /// <summary>Makes sure that both ways come to the same result.</summary>
    /// <exception cref="InvalidOperationException">They do not: no time is worth comparing.</exception>
    void Verify();

    /// <summary>Does the work our way.</summary>
    void RunOurs();

    /// <summary>Does the work the plain way.</summary>
    void RunPlain();

    /// <summary>Finds out where our time goes.</summary>
    /// <param name="profile">Times the parts.</param>
    /// <returns>Names and seconds; none where the work is not cut into parts.</returns>
    IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile);
}
