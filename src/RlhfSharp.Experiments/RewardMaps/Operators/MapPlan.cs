namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What will be asked of the generator, settled before it is asked.</summary>
/// <param name="Id">Counts the evaluations of a run, from 0.</param>
/// <param name="Operator">The operator's kind.</param>
/// <param name="Parents">Ids of the texts that the prompt shows, in their order.</param>
/// <param name="Requested">The label asked for on each axis, <c>[axes]</c>; null on axes that are measured.</param>
/// <param name="Prompt">What the generator reads.</param>
internal sealed record MapPlan(long Id, string Operator, IReadOnlyList<long> Parents, IReadOnlyList<string?> Requested, string Prompt);
