using System.Text.Json.Nodes;

namespace RlhfSharp.Training.Runs;

/// <summary>A part of a run: training, sampling, scoring, evaluating. It is a list of units, and what a unit does depends on its index only.</summary>
public abstract class Phase : IDisposable
{
    /// <summary>Gets the name, for progress and events.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the number of units; known once the phase is open.</summary>
    public abstract int UnitCount { get; }

    /// <summary>Prepares the phase to go on where a commit left off.</summary>
    /// <param name="state">What <see cref="Commit"/> gave; null at the start.</param>
    public abstract void Open(JsonObject? state);

    /// <summary>Does one unit. Its effects count from the next commit on; until then it may be done again.</summary>
    /// <param name="unit">Index, from 0.</param>
    /// <param name="cancellationToken">Asked as long as the unit has changed nothing that a commit saves.</param>
    /// <exception cref="OperationCanceledException">Cancelled: the unit counts as not begun.</exception>
    public abstract void RunUnit(int unit, CancellationToken cancellationToken);

    /// <summary>Says whether to stop before a unit, so that the phase can be gone on with later.</summary>
    /// <param name="unit">Index of the unit that comes next.</param>
    /// <returns>False unless the phase was told to stop there.</returns>
    public virtual bool PausesBefore(int unit) => false;

    /// <summary>Does what a pause asks for, before the commit that ends it.</summary>
    /// <param name="unit">Index of the unit before which the phase stops.</param>
    /// <param name="cancellationToken">Stops; the pause counts as not begun.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public virtual void Pause(int unit, CancellationToken cancellationToken)
    {
    }

    /// <summary>Says whether to commit now that a unit is done. After the last unit of a phase there is always a commit.</summary>
    /// <param name="unit">Index of the unit that is done.</param>
    /// <returns>Whether to commit.</returns>
    public abstract bool CommitsAfter(int unit);

    /// <summary>Saves what going on needs.</summary>
    /// <param name="nextUnit">Index of the first unit that is not done.</param>
    /// <returns>What <see cref="Open"/> will be given.</returns>
    public abstract JsonObject Commit(int nextUnit);

    /// <summary>Tidies up what the last commit made superfluous.</summary>
    public virtual void AfterCommit()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
