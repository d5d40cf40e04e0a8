using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Lets a language model behind an endpoint write texts; what its transcript holds is not asked for again.</summary>
internal sealed class ChatWriter(EndpointClient client) : ITextWriter
{
    public async Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<WriteRequest> requests, CancellationToken cancellationToken)
    {
        var texts = new string[requests.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = client.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, requests.Count, parallel, async (i, token) =>
        {
            var request = new EndpointRequest($"map/{requests[i].Seed}/{requests[i].Number}", [new ChatMessage(ChatMessage.User, requests[i].Prompt)]);
            texts[i] = Thoughts.Remove((await client.AskAsync(request, token).ConfigureAwait(false)).Text);
        }).ConfigureAwait(false);
        return texts;
    }

    public void Dispose() => client.Dispose();
}
