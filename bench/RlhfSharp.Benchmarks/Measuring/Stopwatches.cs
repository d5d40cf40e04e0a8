namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>Times several sides in turns, so that whatever the machine does meets all of them.</summary>
internal static class Stopwatches
{
    /// <summary>Runs each side once untimed, then all sides in turns.</summary>
    /// <param name="time">Measures time.</param>
    /// <param name="repeats">How often each side is timed.</param>
    /// <param name="sides">What to time.</param>
    /// <returns>Samples by side, <c>[sides][repeats]</c>.</returns>
    public static Sample[][] Alternate(TimeProvider time, int repeats, params Action[] sides)
    {
        foreach (var side in sides)
        {
            side();
        }
        var samples = sides.Select(_ => new Sample[repeats]).ToArray();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            for (var side = 0; side < sides.Length; side++)
            {
                samples[side][repeat] = Time(time, sides[side]);
            }
        }
        return samples;
    }

    /// <summary>Computes the median time, over runs on a quiet machine only if there are any.</summary>
    /// <param name="samples">At least one.</param>
    public static double MedianSeconds(IReadOnlyCollection<Sample> samples)
    {
        var quiet = samples.Where(sample => sample.IsQuiet).ToList();
        var seconds = (quiet.Count > 0 ? quiet : samples).Select(sample => sample.Seconds).Order().ToList();
        return (seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2;
    }

    /// <summary>Runs something once.</summary>
    /// <param name="time">Measures time.</param>
    /// <param name="run">What to time.</param>
    public static Sample Time(TimeProvider time, Action run)
    {
        var load = MachineLoad.Now();
        var start = time.GetTimestamp();
        run();
        var elapsed = time.GetElapsedTime(start);
        return new(elapsed.TotalSeconds, MachineLoad.Now().ShareOfOthers(load));
    }
}
