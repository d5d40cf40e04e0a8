namespace RlhfSharp.Training.Runs;

/// <summary>Runs phases one after the other, and goes on where a killed or interrupted run left off.</summary>
/// <param name="directory">The run's folder.</param>
/// <param name="phases">Makes each phase; called when its turn comes.</param>
public sealed class PhaseRunner(RunDirectory directory, IReadOnlyList<Func<Phase>> phases)
{
    /// <summary>Runs what is left to do, or up to a pause that a phase asks for; the next call goes on from there.</summary>
    /// <param name="cancellationToken">On cancellation the units done so far are committed, so that nothing is lost.</param>
    /// <exception cref="OperationCanceledException">Cancelled; all that was done is committed.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        var progress = RunProgress.Read(directory.Path);
        directory.CutLogs(progress?.LogLengths);
        for (var index = progress?.Phase ?? 0; index < phases.Count; index++)
        {
            var isResumed = index == progress?.Phase;
            using var phase = phases[index]();
            phase.Open(isResumed ? progress!.State : null);
            if (isResumed)
            {
                phase.AfterCommit();   // the process may have ended after the commit and before this
            }
            if (!RunPhase(phase, index, isResumed ? progress!.Unit : 0, cancellationToken))
            {
                return;
            }
        }
    }

    // False: it has paused.
    private bool RunPhase(Phase phase, int index, int firstUnit, CancellationToken cancellationToken)
    {
        var committed = firstUnit;
        for (var unit = firstUnit; unit < phase.UnitCount; unit++)
        {
            var pauses = phase.PausesBefore(unit);
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (pauses)
                {
                    phase.Pause(unit, cancellationToken);
                }
                else
                {
                    phase.RunUnit(unit, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (unit > committed)
            {
                Commit(phase, index, unit);
                throw;
            }
            if (pauses)
            {
                Commit(phase, index, unit);
                return false;
            }
            if (phase.CommitsAfter(unit) && unit + 1 < phase.UnitCount)
            {
                Commit(phase, index, unit + 1);
                committed = unit + 1;
            }
        }
        if (committed < phase.UnitCount || phase.UnitCount == 0)
        {
            Commit(phase, index, phase.UnitCount);
        }
        // From here on the next phase starts fresh; a resumed run does not open this one again.
        new RunProgress(index + 1, 0, null, directory.LogLengths).Write(directory.Path);
        return true;
    }

    private void Commit(Phase phase, int index, int nextUnit)
    {
        var state = phase.Commit(nextUnit);
        directory.Sync();
        new RunProgress(index, nextUnit, state, directory.LogLengths).Write(directory.Path);
        phase.AfterCommit();
    }
}
