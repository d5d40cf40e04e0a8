namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Finds the label of a text on one axis: a rule, a classifier, a language model.</summary>
public interface IMapJudge
{
    /// <summary>Judges texts.</summary>
    /// <param name="requests">The texts, in any order, none of them empty.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>One label per text, in their order; null where none fits. A label that the axis does not have counts as none.</returns>
    Task<IReadOnlyList<string?>> JudgeAsync(IReadOnlyList<JudgeRequest> requests, CancellationToken cancellationToken);
}
