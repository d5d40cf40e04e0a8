namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>Proposes solutions, and hears what became of them.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public interface IEmitter<TSolution>
{
    /// <summary>Proposes solutions.</summary>
    /// <param name="cancellationToken">Stops an emitter that waits for others, such as a language model.</param>
    /// <returns>New solutions; may be empty.</returns>
    /// <remarks>What depends on the archive must be read before the task is returned: meanwhile other batches may be added, and when that happens
    /// must not change the result. The same emitter may be asked again before it was told about an earlier batch.</remarks>
    Task<IReadOnlyList<TSolution>> AskAsync(CancellationToken cancellationToken);

    /// <summary>Tells what became of the proposals, in the order in which they were asked for.</summary>
    /// <param name="batch">The solutions of one ask.</param>
    void Tell(EvaluatedBatch<TSolution> batch)
    {
    }
}
