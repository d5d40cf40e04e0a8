namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>A part of an iteration that is computed once, whichever rows need it.</summary>
/// <param name="Key">The name of its folder: a hash of everything that its result depends on.</param>
internal abstract record Stage(string Key)
{
    /// <summary>Gets the number of phases that its run has.</summary>
    public virtual int Phases => 1;
}

/// <summary>Two answers to each prompt of a batch, scored by gold.</summary>
/// <param name="Key"><inheritdoc/></param>
/// <param name="Policy">Who answers; null for the start.</param>
/// <param name="Batch">Which batch of the prompts, from 0; −1 for those held out.</param>
internal sealed record LabelStage(string Key, PolicyStage? Policy, int Batch) : Stage(Key);

/// <summary>A proxy.</summary>
/// <param name="Key"><inheritdoc/></param>
/// <param name="Labels">What it learns from, by iteration.</param>
/// <param name="Member">Which of the proxies that learn from the same labels, from 0.</param>
/// <param name="From">The proxy it goes on from; null where it starts anew.</param>
internal sealed record ProxyStage(string Key, IReadOnlyList<IReadOnlyList<LabelStage>> Labels, int Member, ProxyStage? From) : Stage(Key);

/// <summary>A policy.</summary>
/// <param name="Key"><inheritdoc/></param>
/// <param name="Iteration">From 1.</param>
/// <param name="Proxies">What rewards it, by iteration and member.</param>
/// <param name="Mode">Where it starts; supervised in the first iteration, whatever the recipe says.</param>
/// <param name="Previous">The policy of the iteration before; null in the first.</param>
internal sealed record PolicyStage(string Key, int Iteration, IReadOnlyList<IReadOnlyList<ProxyStage>> Proxies, PolicyStart Mode, PolicyStage? Previous) : Stage(Key)
{
    /// <summary>Gets n where the policy is the best of n answers of the start; null where it is trained.</summary>
    public int? BestOf { get; init; }

    /// <inheritdoc/>
    public override int Phases => BestOf is null ? 1 : 2;   // answers are drawn, then measured
}
