using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Emitters;

namespace RlhfSharp.QualityDiversity.Scheduling;

/// <summary>Asks emitters for solutions, and tells archive and emitters how good they are.</summary>
/// <remarks>One batch is all proposals of all emitters. <c>Ask</c>, evaluate, <c>Tell</c>, over and over; asking ahead is allowed up to the pipeline depth, and
/// batches are told in the order in which they were asked for.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class Scheduler<TSolution>
{
    private readonly IEmitter<TSolution>[] _emitters;
    private readonly Queue<Task<IReadOnlyList<TSolution>>[]> _asked = new();

    /// <summary>Initializes a scheduler.</summary>
    /// <param name="archive">The archive that the emitters draw from.</param>
    /// <param name="emitters">At least one, each once.</param>
    /// <param name="resultArchive">A second archive that only takes results, for a search whose own archive is no good to look at; null for none.</param>
    /// <param name="pipelineDepth">How many batches may be asked for and not yet told, from 1.</param>
    /// <exception cref="ArgumentException">There is no emitter or one occurs twice, or the result archive has other measures or is the archive itself.</exception>
    public Scheduler(Archive<TSolution> archive, IReadOnlyList<IEmitter<TSolution>> emitters, Archive<TSolution>? resultArchive = null, int pipelineDepth = 1)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentOutOfRangeException.ThrowIfLessThan(pipelineDepth, 1);
        EmitterList.ThrowIfRepeated(emitters);
        if (ReferenceEquals(archive, resultArchive))
        {
            throw new ArgumentException("The result archive is the archive itself; leave it out.", nameof(resultArchive));
        }
        if (resultArchive is not null && resultArchive.MeasureCount != archive.MeasureCount)
        {
            throw new ArgumentException(
                $"The result archive has {resultArchive.MeasureCount} measures, the archive {archive.MeasureCount}.", nameof(resultArchive));
        }
        (Archive, ResultArchive, PipelineDepth, _emitters) = (archive, resultArchive, pipelineDepth, [.. emitters]);
    }

    /// <summary>Gets the archive that the emitters draw from.</summary>
    public Archive<TSolution> Archive { get; }

    /// <summary>Gets the archive that only takes results; null if there is none.</summary>
    public Archive<TSolution>? ResultArchive { get; }

    /// <summary>Gets how many batches may be asked for and not yet told.</summary>
    public int PipelineDepth { get; }

    /// <summary>Gets how many batches were asked for and not yet told.</summary>
    public int InFlight => _asked.Count;

    /// <summary>Asks emitters that answer at once.</summary>
    /// <returns>Solutions to evaluate, in this order.</returns>
    /// <exception cref="InvalidOperationException">A batch must be told first, or an emitter takes its time.</exception>
    public IReadOnlyList<TSolution> Ask()
    {
        var asked = AskAsync();
        return asked.IsCompleted
            ? asked.GetAwaiter().GetResult()
            : throw new InvalidOperationException("An emitter takes its time to propose. Await AskAsync instead of calling Ask.");
    }

    /// <summary>Asks all emitters.</summary>
    /// <param name="cancellationToken">Stops emitters that wait.</param>
    /// <returns>Solutions to evaluate, in this order. What they are is settled when the call returns, before the task ends.</returns>
    /// <exception cref="InvalidOperationException">A batch must be told first.</exception>
    public Task<IReadOnlyList<TSolution>> AskAsync(CancellationToken cancellationToken = default)
    {
        if (_asked.Count == PipelineDepth)
        {
            throw new InvalidOperationException(PipelineDepth == 1
                ? "Ask was called twice in a row. Tell the objectives and measures of the solutions first."
                : $"Ask was called with {PipelineDepth} batches not yet told, as many as the pipeline depth allows. Tell the oldest first.");
        }
        var asked = _emitters.Select(emitter => emitter.AskAsync(cancellationToken)).ToArray();
        _asked.Enqueue(asked);
        return Join(asked);
    }

    /// <summary>Tells how good the solutions of the oldest batch are.</summary>
    /// <param name="objectives">Higher is better, <c>[batch]</c>, in the order of the ask.</param>
    /// <param name="measures">Where they lie, <c>[batch, measures]</c>.</param>
    /// <returns>What became of them in the archive, <c>[batch]</c>.</returns>
    /// <exception cref="InvalidOperationException">No batch was asked for, or its solutions are not there yet.</exception>
    /// <exception cref="ArgumentException">A shape differs; nothing was told.</exception>
    public IReadOnlyList<AddResult> Tell(IReadOnlyList<double> objectives, double[,] measures) => Tell(objectives, measures, evaluated: null);

    /// <summary>Tells how good the solutions of the oldest batch are, and what the evaluation made of them.</summary>
    /// <param name="objectives">Higher is better, <c>[batch]</c>, in the order of the ask.</param>
    /// <param name="measures">Where they lie, <c>[batch, measures]</c>.</param>
    /// <param name="evaluated">The solutions with what the evaluation added to them, <c>[batch]</c>; null to keep those that were asked for.</param>
    /// <returns>What became of them in the archive, <c>[batch]</c>.</returns>
    /// <exception cref="InvalidOperationException">No batch was asked for, or its solutions are not there yet.</exception>
    /// <exception cref="ArgumentException">A shape differs; nothing was told.</exception>
    public IReadOnlyList<AddResult> Tell(IReadOnlyList<double> objectives, double[,] measures, IReadOnlyList<TSolution>? evaluated)
    {
        if (!_asked.TryPeek(out var asked))
        {
            throw new InvalidOperationException("Tell was called without a batch to tell about. Ask first.");
        }
        if (!asked.All(part => part.IsCompletedSuccessfully))
        {
            throw new InvalidOperationException("Tell was called before the solutions of the oldest batch were there. Await AskAsync first.");
        }
        IReadOnlyList<TSolution> solutions = [.. asked.SelectMany(part => part.Result)];
        Check.Length(objectives.Count, solutions.Count, "one per solution that was asked for");
        var all = evaluated ?? solutions;
        Check.Length(all.Count, solutions.Count, "one per solution that was asked for", nameof(evaluated));
        var results = Archive.Add(all, [.. objectives], measures);
        ResultArchive?.Add(all, [.. objectives], measures);
        _asked.Dequeue();
        var (batch, from) = (new EvaluatedBatch<TSolution>(all, objectives, measures, results), 0);
        foreach (var (emitter, part) in _emitters.Zip(asked))
        {
            emitter.Tell(batch.Rows(from, part.Result.Count));
            from += part.Result.Count;
        }
        return results;
    }

    private static async Task<IReadOnlyList<TSolution>> Join(Task<IReadOnlyList<TSolution>>[] asked) =>
        [.. (await Task.WhenAll(asked).ConfigureAwait(false)).SelectMany(part => part)];
}
