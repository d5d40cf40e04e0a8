using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Keeps status and time of an experiment in its <c>run.json</c>, over all processes that worked on it.</summary>
/// <param name="folder">The experiment's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class RunClock(ExperimentFolder folder, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly double _before = (double)folder.Facts["seconds"]!;

    /// <summary>Does the work of an experiment, and writes down that it goes on, and how it ends if not well.</summary>
    /// <param name="work">The work; it calls <see cref="End"/> itself when what remains is the report, which tells the time.</param>
    /// <returns>What the work gives.</returns>
    public T Track<T>(Func<T> work) => TrackAsync(() => Task.FromResult(work())).GetAwaiter().GetResult();   // on this thread from begin to end

    /// <summary>Does the work of an experiment; see <see cref="Track"/>.</summary>
    /// <param name="work">The work.</param>
    /// <returns>What the work gives.</returns>
    public async Task<T> TrackAsync<T>(Func<Task<T>> work)
    {
        try
        {
            Begin();
            return await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            End("interrupted");
            throw;
        }
        catch (Exception exception) when (exception is InputException || FileErrors.Is(exception))
        {
            TryEndFailed();
            throw;
        }
    }

    private void Begin()
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

    // On a full disk that cannot be written either; the first error is the one to report.
    private void TryEndFailed()
    {
        try
        {
            End("failed");
        }
        catch (InputException)
        {
        }
    }
}
