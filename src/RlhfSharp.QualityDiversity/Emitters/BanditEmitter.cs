using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>Hands each ask to those of its emitters that have been successful, and to those that were tried little: UCB1 (Auer, Cesa-Bianchi and
/// Fischer 2002), as in ME-MAP-Elites (Cully 2021, https://arxiv.org/abs/2007.05352).</summary>
/// <remarks>Score of an emitter = share of its told solutions that the archive took as improved or new + ζ·sqrt(ln(all asks) / its asks); one that was never
/// asked comes first, and of equal scores the one that comes first in the list. Nothing here depends on how long an emitter takes.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class BanditEmitter<TSolution> : IEmitter<TSolution>
{
    private readonly Arm[] _arms;
    private readonly int _active;
    private readonly double _zeta;
    private readonly Queue<List<(Arm Arm, Task<IReadOnlyList<TSolution>> Solutions)>> _asked = new();

    /// <summary>Initializes an emitter.</summary>
    /// <param name="emitters">To choose from; at least one, each once.</param>
    /// <param name="active">How many of them an ask goes to, from 1 to their number.</param>
    /// <param name="zeta">ζ, how much little-tried emitters are favoured; from 0. The default is pyribs' 0.05.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or an emitter occurs twice.</exception>
    public BanditEmitter(IReadOnlyList<IEmitter<TSolution>> emitters, int active = 1, double zeta = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(active, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(active, emitters.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(Check.Finite(zeta));
        EmitterList.ThrowIfRepeated(emitters);
        (_arms, _active, _zeta) = ([.. emitters.Select(emitter => new Arm(emitter))], active, zeta);
    }

    /// <summary>Gets how often each emitter was asked, <c>[emitters]</c>.</summary>
    public IReadOnlyList<long> AskCounts => [.. _arms.Select(arm => arm.Asks)];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TSolution>> AskAsync(CancellationToken cancellationToken)
    {
        var all = _arms.Sum(arm => arm.Asks);
        var chosen = _arms.OrderByDescending(arm => arm.Score(all, _zeta)).Take(_active).ToList();   // a stable sort: the first of equal ones
        chosen.ForEach(arm => arm.Asks++);
        var asked = chosen.ConvertAll(arm => (Arm: arm, Solutions: arm.Emitter.AskAsync(cancellationToken)));
        _asked.Enqueue(asked);
        var batches = await Task.WhenAll(asked.Select(one => one.Solutions)).ConfigureAwait(false);
        return [.. batches.SelectMany(batch => batch)];
    }

    /// <inheritdoc/>
    public void Tell(EvaluatedBatch<TSolution> batch)
    {
        var from = 0;
        foreach (var (arm, solutions) in _asked.Dequeue())
        {
            var part = batch.Rows(from, solutions.Result.Count);
            from += solutions.Result.Count;
            arm.Told += part.Results.Count;
            arm.Successes += part.Results.Count(result => result.Status >= AddStatus.Improved);
            arm.Emitter.Tell(part);
        }
    }

    private sealed class Arm(IEmitter<TSolution> emitter)
    {
        public IEmitter<TSolution> Emitter { get; } = emitter;

        public long Asks { get; set; }

        public long Told { get; set; }

        public long Successes { get; set; }

        public double Score(long allAsks, double zeta) => Asks == 0
            ? double.PositiveInfinity
            : (Told > 0 ? (double)Successes / Told : 0) + zeta * Math.Sqrt(Math.Log(allAsks) / Asks);
    }
}
