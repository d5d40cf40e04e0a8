namespace RlhfSharp.Experiments.Runs;

/// <summary>Keeps status and time of an experiment in its <c>run.json</c>, over all processes that worked on it.</summary>
/// <param name="folder">The experiment's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class RunClock(ExperimentFolder folder, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly double _before = (double)folder.Facts["seconds"]!;

    /// <summary>Writes down that work goes on.</summary>
    public void Begin()
    {
        folder.Facts["status"] = "running";
        folder.WriteFacts();
    }

    /// <summary>Writes down that work has ended.</summary>
    /// <param name="status">How: done, interrupted or failed.</param>
    public void End(string status)
    {
        folder.Facts["status"] = status;
        folder.Facts["seconds"] = Math.Round(_before + time.GetElapsedTime(_started).TotalSeconds, 1);
        folder.Facts["finished"] = time.GetUtcNow().ToString("O");
        folder.WriteFacts();
    }

    /// <summary>Writes down that work failed. On a full disk that cannot be written either; the first error is the one to report.</summary>
    public void TryEndFailed()
    {
        try
        {
            End("failed");
        }
        catch (Models.Runtime.InputException)
        {
        }
    }
}
