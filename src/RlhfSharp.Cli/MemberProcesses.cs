using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli;

/// <summary>Runs single runs of an experiment in processes of their own. A process that is done with one takes the next: starting up costs a second, which a short stage does not.</summary>
internal sealed class MemberProcesses : IMemberProcesses, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<MemberProcess> _idle = [];

    public void Run(string directory, int index, int? stopAfter, int threads, string device, IRunObserver observer, CancellationToken cancellationToken)
    {
        var process = TakeIdle(directory, threads, device) ?? MemberProcess.Start(directory, threads, device);
        try
        {
            process.Do(new MemberOrder(index, stopAfter), observer, cancellationToken);
        }
        catch
        {
            process.Dispose();
            throw;
        }
        lock (_lock)
        {
            _idle.Add(process);
        }
    }

    /// <summary>Lets every process end, and waits for it.</summary>
    public void Dispose()
    {
        _idle.ForEach(process => process.Dispose());
        _idle.Clear();
    }

    private MemberProcess? TakeIdle(string directory, int threads, string device)
    {
        lock (_lock)
        {
            var process = _idle.Find(process => process.Serves(directory, threads, device));
            _ = process is not null && _idle.Remove(process);
            return process;
        }
    }
}
