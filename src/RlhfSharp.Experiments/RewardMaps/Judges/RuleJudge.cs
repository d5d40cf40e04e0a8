namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A judge that looks at one text at a time, by a rule.</summary>
/// <param name="rule">Gives a text's label; null where none fits.</param>
internal sealed class RuleJudge(Func<string, string?> rule) : IMapJudge
{
    public Task<IReadOnlyList<string?>> JudgeAsync(IReadOnlyList<JudgeRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string?>>([.. requests.Select(request => rule(request.Text))]);

    /// <summary>Fails unless every label of an axis is one that a rule can find.</summary>
    /// <param name="judge">The judge's kind, for the message.</param>
    /// <param name="labels">The axis' labels.</param>
    /// <param name="known">What the rule can find.</param>
    public static void RequireKnown(string judge, IReadOnlyList<string> labels, IReadOnlyList<string> known)
    {
        if (labels.FirstOrDefault(label => !known.Contains(label)) is { } unknown)
        {
            throw new Models.Runtime.InputException($"judge.kind: {judge} never finds '{unknown}'. {Models.Runtime.NearestName.Hint(unknown, known)}");
        }
    }
}
