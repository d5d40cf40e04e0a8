using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Writes what a function says, and remembers what it was asked.</summary>
internal sealed class StubWriter(Func<WriteRequest, string> write) : ITextWriter
{
    private readonly List<WriteRequest> _requests = [];

    public IReadOnlyList<WriteRequest> Requests => _requests;

    public Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<WriteRequest> requests, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_requests)
        {
            _requests.AddRange(requests);
        }
        return Task.FromResult<IReadOnlyList<string>>([.. requests.Select(write)]);
    }

    public void Dispose()
    {
    }
}
