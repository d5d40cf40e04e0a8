using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.Endpoints;

/// <summary>A client in front of a server that answers as a test says, with a transcript in a folder of its own.</summary>
internal sealed class EndpointCase : IDisposable, IEndpointObserver
{
    private readonly TemporaryFolder _folder = TestFiles.NewFolder("endpoint");
    private EndpointClient? _client;

    public EndpointCase(Func<FakeRequest, FakeReply> answer)
    {
        Server = new FakeEndpoint(answer);
        Options = new EndpointOptions { Url = Server.Url, Model = "fake", ApiKeyVariable = "RLHF_TEST_NO_SUCH_KEY", TimeoutSeconds = 5, MaxRetries = 3 };
    }

    public FakeEndpoint Server { get; }

    public EndpointOptions Options { get; set; }

    public List<(string Reason, TimeSpan Delay)> Retries { get; } = [];

    public string TranscriptPath => _folder.File("transcript.jsonl");

    public EndpointClient Client => _client ??= EndpointClient.Open(Options, TranscriptPath, TimeProvider.System, this);

    public static EndpointRequest Request(string id, string text = "Hello?") => new(id, [new ChatMessage(ChatMessage.User, text)]);

    public string Ask(string id = "hello/1", string text = "Hello?") => AskAsync(id, text).GetAwaiter().GetResult().Text;

    public Task<EndpointAnswer> AskAsync(string id, string text = "Hello?", CancellationToken cancellationToken = default) =>
        Client.AskAsync(Request(id, text), cancellationToken);

    public EndpointException AssertFails(string id = "hello/1") => Assert.Throws<EndpointException>(() => Ask(id));

    /// <summary>Opens a new client over the same transcript, as another process would.</summary>
    public void Restart()
    {
        _client?.Dispose();
        _client = null;
    }

    public void OnStep(string step, int expected)
    {
    }

    public void OnAnswer(EndpointAnswer answer)
    {
    }

    public void OnRetry(string request, string reason, TimeSpan delay)
    {
        lock (Retries)
        {
            Retries.Add((reason, delay));
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        Server.Dispose();
        _folder.Dispose();
    }
}
