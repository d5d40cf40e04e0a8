using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Judges texts by a function.</summary>
internal sealed class StubJudge(Func<string, string?> judge) : IMapJudge
{
    public Task<IReadOnlyList<string?>> JudgeAsync(IReadOnlyList<JudgeRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string?>>([.. requests.Select(request => judge(request.Text))]);
}
