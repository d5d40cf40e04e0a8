using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Where an experiment shows what it does.</summary>
public interface IExperimentConsole
{
    /// <summary>Called when a run begins or goes on, perhaps beside others and from another thread.</summary>
    /// <param name="title">What the run is called.</param>
    /// <param name="index">Which of the experiment's runs, from 0.</param>
    /// <param name="count">The number of runs of the experiment.</param>
    /// <returns>Watches the run.</returns>
    IRunObserver Begin(string title, int index, int count);

    /// <summary>Called when a run is done.</summary>
    /// <param name="index">Which of the experiment's runs.</param>
    void End(int index);

    /// <summary>Called with a line worth reading.</summary>
    /// <param name="line">The line.</param>
    void Say(string line);
}
