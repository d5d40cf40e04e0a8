namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>An emitter made of two delegates, for whatever no other emitter does: ask a language model, run a simulator, read a file.</summary>
/// <remarks>Planning is synchronous and reads the archive; proposing may take its time and must depend on its plan alone. So the speed of a model
/// never changes what is proposed.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
/// <typeparam name="TPlan">What a proposal is made of: parents, a target, a prompt.</typeparam>
/// <param name="batchSize">Solutions of an ask, from 1.</param>
/// <param name="plan">Plans a proposal. Its argument counts the proposals of this emitter from 0: draw random numbers by it.</param>
/// <param name="propose">Carries out a plan. Those of a batch run at the same time.</param>
public sealed class ProposeEmitter<TSolution, TPlan>(int batchSize, Func<long, TPlan> plan, Func<TPlan, CancellationToken, Task<TSolution>> propose)
    : IEmitter<TSolution>
{
    private long _proposals;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TSolution>> AskAsync(CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var plans = new TPlan[batchSize];
        for (var i = 0; i < batchSize; i++)
        {
            plans[i] = plan(_proposals++);
        }
        return await Task.WhenAll(plans.Select(one => propose(one, cancellationToken))).ConfigureAwait(false);
    }
}
