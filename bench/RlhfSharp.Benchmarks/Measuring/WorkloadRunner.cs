using RlhfSharp.Benchmarks.Workloads;

namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>Measures workloads.</summary>
/// <param name="time">Measures time.</param>
/// <param name="repeats">How often each side is timed.</param>
/// <param name="threads">The number of threads, for processes that this one starts; its own is set already.</param>
internal sealed class WorkloadRunner(TimeProvider time, int repeats, int threads)
{
    private const double Giga = 1e9;

    /// <summary>Measures a workload.</summary>
    /// <exception cref="InvalidOperationException">The two renderings do not come to the same result.</exception>
    public WorkloadResult Run(Workload workload) => workload.Kind switch
    {
        WorkloadKind.Gemm => Gemm(),
        WorkloadKind.Memory => Memory(workload),
        WorkloadKind.Text => Text(workload),
        WorkloadKind.Estimate => Estimate(workload),
        _ => Speed(workload),
    };

    private WorkloadResult Gemm()
    {
        using var gemm = new GemmRate();
        var samples = Stopwatches.Alternate(time, repeats, gemm.Run)[0];
        return new() { Gflops = gemm.Flops / Stopwatches.MedianSeconds(samples) / Giga, GemmShare = 1, IsBusy = IsBusy(samples) };
    }

    private WorkloadResult Memory(Workload workload)
    {
        using (var contest = workload.Create())
        {
            contest.Verify();
        }
        var (ours, plain) = (PeakMemory.InFreshProcess(workload, Side.Ours, threads), PeakMemory.InFreshProcess(workload, Side.Plain, threads));
        return new() { PeakBytes = ours, Baseline = plain, Ratio = (double?)ours / plain };
    }

    // The contest here is for its estimate; the steps are taken in another process.
    private WorkloadResult Estimate(Workload workload)
    {
        var measured = PeakMemory.InFreshProcess(workload, Side.Ours, threads);
        using var contest = (EstimateContest)workload.Create();
        return new() { PeakBytes = measured, Baseline = contest.Estimate.Peak, Ratio = (double)contest.Estimate.Peak / measured };
    }

    private WorkloadResult Text(Workload workload)
    {
        using var contest = (TokenizeContest)workload.Create();
        contest.Verify();
        var samples = Stopwatches.Alternate(time, repeats, contest.RunOurs, contest.RunPlain);
        var seconds = samples.Select(Stopwatches.MedianSeconds).ToArray();
        return new()
        {
            TokensPerSecond = contest.Tokens / seconds[0],
            Baseline = contest.Tokens / seconds[1],
            Ratio = seconds[1] / seconds[0],
            MegabytesPerSecond = contest.Bytes / seconds[0] / 1e6,
            IsBusy = IsBusy(samples[0].Concat(samples[1])),
        };
    }

    private WorkloadResult Speed(Workload workload)
    {
        var peak = PeakMemory.InFreshProcess(workload, Side.Ours, threads);   // before this process takes memory of its own
        using var contest = workload.Create();
        using var gemm = new GemmRate();
        contest.Verify();
        var samples = Stopwatches.Alternate(time, repeats, contest.RunOurs, contest.RunPlain, gemm.Run);
        var seconds = samples.Select(Stopwatches.MedianSeconds).ToArray();
        double? gflops = contest.UsefulFlops > 0 ? contest.UsefulFlops / seconds[0] / Giga : null;
        return new()
        {
            TokensPerSecond = contest.Tokens / seconds[0],
            Baseline = contest.Tokens / seconds[1],
            Ratio = seconds[1] / seconds[0],
            PeakBytes = peak,
            Gflops = gflops,
            GemmShare = gflops / (gemm.Flops / seconds[2] / Giga),
            IsBusy = IsBusy(samples[0].Concat(samples[1])),
        };
    }

    private static bool IsBusy(IEnumerable<Sample> samples) => samples.Average(sample => sample.IsQuiet ? 0 : 1) > 0.5;
}
