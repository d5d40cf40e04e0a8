using RlhfSharp.Models;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Loop;

/// <summary>The wiring of one algorithm: how rows become a batch and a batch becomes a loss. The loop does all the rest.</summary>
/// <remarks>What only some algorithms do, nothing else of state than the model among it, is done by default by doing nothing.</remarks>
public interface ITrainingTask
{
    /// <summary>Gets the model in training.</summary>
    TransformerModel Model { get; }

    /// <summary>Gets the number of tokens of each training row. How many rows there are never changes; where a task makes its rows itself, their lengths do,
    /// when <see cref="Prepare"/> is called.</summary>
    IReadOnlyList<int> RowLengths { get; }

    /// <summary>Gets how many rows that follow each other belong together, because they begin alike and are cheaper read together. A pass over the rows keeps them together, as far as
    /// steps have room for them.</summary>
    int RowsPerGroup => 1;

    /// <summary>Counts the tokens of a forward pass over some rows.</summary>
    /// <param name="rows">Indices of the rows.</param>
    /// <returns>By default the sum of their lengths.</returns>
    long Tokens(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Sum(row => (long)RowLengths[row]);
    }

    /// <summary>Gets what the task has computed so far beside the loop's own passes: sampling, scoring, the reference. Counted from the start of the run, also after a resume.</summary>
    /// <value>In tokens that pass once through the policy; passes of another model count by its number of parameters over the policy's.</value>
    double OtherCompute => 0;

    /// <summary>Gets ready for a step: a task that samples its rows itself draws them here. Called again for the same step, it changes nothing.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="cancellationToken">Stops; nothing has changed then.</param>
    void Prepare(int step, CancellationToken cancellationToken)
    {
    }

    /// <summary>Gets a factor on the learning rate of the step that was prepared.</summary>
    double LearningRateScale => 1;

    /// <summary>Sets the weights back before a step, where the algorithm starts over.</summary>
    /// <param name="step">From 1.</param>
    /// <returns>Whether it did; the optimiser forgets its moments then.</returns>
    bool StartOver(int step) => false;

    /// <summary>Counts the loss units of a row (answer tokens, pairs), so that the divisor of a whole step is known before its first
    /// forward pass.</summary>
    /// <param name="row">Index of the row.</param>
    /// <returns>0 or more; a row of 0 is left out of the step.</returns>
    double LossWeight(int row);

    /// <summary>Names a row in errors.</summary>
    /// <param name="row">Index of the row.</param>
    /// <returns>Its id and where it came from.</returns>
    string Describe(int row);

    /// <summary>Computes what the loss needs of all rows of a step, before the step is cut into forward passes.</summary>
    /// <param name="rows">Indices of the rows.</param>
    void BeginStep(IReadOnlyList<int> rows)
    {
    }

    /// <summary>Computes the loss of some rows.</summary>
    /// <param name="rows">Indices of the rows.</param>
    /// <param name="device">Where the model lives.</param>
    /// <returns>The loss, summed over units; the caller's dispose scope owns every tensor.</returns>
    ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device);

    /// <summary>Does what the algorithm does after an update, such as moving target networks.</summary>
    /// <param name="step">The number of updates so far.</param>
    /// <param name="endsPass">Whether the step was the last of a pass over the data.</param>
    void AfterUpdate(int step, bool endsPass)
    {
    }

    /// <summary>Adds metrics that are known on the host, such as counts; called when a line of metrics is written.</summary>
    /// <param name="metrics">The line so far.</param>
    void AddHostMetrics(IDictionary<string, double> metrics)
    {
    }

    /// <summary>Gets counters of the algorithm's own that must survive a resume.</summary>
    /// <returns>Name and value.</returns>
    IReadOnlyDictionary<string, double> SaveCounters() => new Dictionary<string, double>();

    /// <summary>Takes back what <see cref="SaveCounters"/> gave.</summary>
    /// <param name="counters">Name and value.</param>
    void RestoreCounters(IReadOnlyDictionary<string, double> counters)
    {
    }
}
