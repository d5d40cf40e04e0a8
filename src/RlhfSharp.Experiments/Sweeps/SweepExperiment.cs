using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Trains the trials of a sweep, rung by rung. What is done already is not done again, and a trial that fails does not stop the others.</summary>
/// <param name="plan">The sweep.</param>
/// <param name="directory">Its folder.</param>
/// <param name="device">Where to compute.</param>
/// <param name="console">Where to show it.</param>
/// <param name="time">For timings, which nothing else depends on.</param>
internal sealed class SweepExperiment(SweepPlan plan, string directory, Device device, IExperimentConsole console, TimeProvider time)
{
    private readonly IReadOnlyList<ExperimentMember> _members = plan.Members(directory);
    private readonly ConcurrentDictionary<string, string> _failed = [];

    /// <summary>Trains what is left to do.</summary>
    /// <param name="workers">How many training runs go on at a time, from 1 up.</param>
    /// <param name="threads">How many threads each computes with.</param>
    /// <param name="processes">Where they run if there are several workers.</param>
    /// <param name="cancellationToken">On cancellation every run that is going on writes a checkpoint first.</param>
    /// <returns>What became of the trials, by index.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; <c>rlhf sweep --resume</c> goes on.</exception>
    /// <exception cref="InputException">Evaluations do not measure what the sweep compares by, or the disk is not as it should be.</exception>
    public IReadOnlyList<TrialResult> Run(int workers, int threads, IMemberProcesses processes, CancellationToken cancellationToken)
    {
        set_num_threads(threads);
        var perTrial = _members.Count / (double)Math.Max(1, plan.Trials.Count(trial => trial.Recipe is not null));
        var count = (int)Math.Ceiling(plan.Rungs.Sum(rung => rung.Trials) * perTrial);
        var results = SweepResults.Read(plan, directory);
        var before = 0;
        foreach (var rung in plan.Rungs)
        {
            var alive = Alive(results, rung).Select(result => result.Trial.Name).ToHashSet();
            var work = (from index in Enumerable.Range(0, _members.Count) where alive.Contains(_members[index].Variant) select index).Index().ToList();
            RunAll([.. work.Where(piece => !TrialFolder.HasReached(_members[piece.Item], rung))], rung, before, count, workers, threads, processes, cancellationToken);
            before += work.Count;
            results = SweepResults.Read(plan, directory);
        }
        return results;
    }

    // Who begins a rung: all, or the better part of those that came to the end of the one before.
    private IEnumerable<TrialResult> Alive(IReadOnlyList<TrialResult> results, SweepRung rung) => rung.Index == 0
        ? results.Where(result => result.Status != TrialStatus.Failed)
        : results
            .Where(result => result.Scores.Count >= rung.Index)
            .OrderBy(result => result.Scores[rung.Index - 1], Comparer<TrialScore>.Create((first, second) => TrialScore.Compare(first, second, plan.Sweep.Goal)))
            .ThenBy(result => result.Trial.Index)
            .Take(rung.Trials)
            .Where(result => result.Status != TrialStatus.Failed);

    private void RunAll(
        IReadOnlyList<(int Position, int Index)> work,
        SweepRung rung,
        int before,
        int count,
        int workers,
        int threads,
        IMemberProcesses processes,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var check = new MetricCheck(plan.Sweep, stop);
        var experiment = new TrainingExperiment(_members, directory, device, console, time);
        experiment.BeginAll(cancellationToken);
        try
        {
            WorkerPool.Run(work, Math.Clamp(workers, 1, Math.Max(1, work.Count)), Run, stop.Token);
        }
        catch (OperationCanceledException) when (check.Problem is not null)
        {
            throw new InputException(check.Problem);
        }

        void Run((int Position, int Index) piece, CancellationToken stopped)
        {
            var member = _members[piece.Index];
            if (_failed.ContainsKey(member.Variant))
            {
                return;   // with another seed
            }
            var place = before + piece.Position;
            var trial = plan.Trials.First(one => one.Name == member.Variant);
            var observer = check.Watch(console.Begin($"{Title(member, rung)}: {trial.SettingsText}", place, count));
            try
            {
                experiment.RunMember(piece.Index, TrialFolder.StopAfter(member, rung), workers == 1, threads, processes, observer, stopped);
            }
            catch (Exception exception) when (IsOfTheTrial(exception, isHere: workers == 1))
            {
                _failed[member.Variant] = exception.Message;
                TrialFolder.WriteFailure(directory, member.Variant, exception.Message);
                console.Say($"{member.Variant} failed: {exception.Message}");
            }
            console.End(place);
        }
    }

    // A process that died, perhaps for memory, is an InvalidOperationException; in this process that would be a mistake of the program.
    private static bool IsOfTheTrial(Exception exception, bool isHere) =>
        exception is InputException or ExternalException || (!isHere && exception is InvalidOperationException);

    private string Title(ExperimentMember member, SweepRung rung)
    {
        var run = member.Recipe.Seeds.Count > 1 || member.Fold is not null ? member.Title : member.Variant;
        return plan.Rungs.Count == 1 ? run : $"{run} to step {TrialFolder.StopAfter(member, rung)}";
    }
}
