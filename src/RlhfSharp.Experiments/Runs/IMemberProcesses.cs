using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Lets single runs of an experiment go on in processes of their own.</summary>
/// <remarks>TorchSharp is not made for several threads: the garbage collector, which another thread sets off, may free an object while libtorch
/// still reads it.</remarks>
public interface IMemberProcesses
{
    /// <summary>Runs one run to its end, or goes on with it. Called from several threads at a time.</summary>
    /// <param name="directory">The experiment's folder.</param>
    /// <param name="index">Which of its runs; the process does <see cref="TrainingSession.RunMember"/>.</param>
    /// <param name="stopAfter">The step after which it pauses; null runs it to its end.</param>
    /// <param name="threads">How many threads it computes with.</param>
    /// <param name="device">Where it computes, by a name of <see cref="RlhfSharp.Models.Runtime.DeviceSelector"/>.</param>
    /// <param name="observer">Is told what the process tells.</param>
    /// <param name="cancellationToken">On cancellation the process writes a checkpoint first.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="RlhfSharp.Models.Runtime.InputException">What the process found wrong.</exception>
    void Run(string directory, int index, int? stopAfter, int threads, string device, IRunObserver observer, CancellationToken cancellationToken);
}
