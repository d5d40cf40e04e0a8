using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The stages of an experiment that another process has opened: what <see cref="IMemberProcesses"/> do.</summary>
public sealed class IterationStages
{
    private readonly IterationExperiment _experiment;

    private IterationStages(IterationExperiment experiment) => _experiment = experiment;

    /// <summary>Reads an experiment.</summary>
    /// <param name="directory">Its folder; the other process keeps it locked.</param>
    /// <param name="threads">How many threads to compute with.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Its stages.</returns>
    /// <exception cref="InputException">There is no experiment, or its recipe was changed to something that cannot be.</exception>
    public static IterationStages Read(string directory, int threads, Device device, TimeProvider time)
    {
        set_num_threads(threads);
        var rows = IterationRows.Of(RecipeVariants.Read<IterationRecipe>(ExperimentFolder.RecipeIn(directory), overrides: []));
        return new IterationStages(new IterationExperiment(rows, directory, device, time));
    }

    /// <summary>Computes a stage, or goes on with it.</summary>
    /// <param name="index">Which one, from 0; those it reads are done.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">On cancellation what was done is committed.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InputException">There is no such stage, or data, models or disk are not as they should be.</exception>
    public void Run(int index, IRunObserver observer, CancellationToken cancellationToken) => _experiment.RunStage(index, observer, cancellationToken);
}
