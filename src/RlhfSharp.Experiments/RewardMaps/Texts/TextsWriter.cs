namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes nothing: what is asked for are the texts themselves.</summary>
internal sealed class TextsWriter : ITextWriter
{
    public Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<WriteRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. requests.Select(request => request.Prompt)]);

    public void Dispose()
    {
    }
}
