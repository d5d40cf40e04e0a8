using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Experiments.PinkElephants;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

/// <summary>A small data set that a fake model writes into a folder.</summary>
internal sealed class WrittenDialogues(Func<FakeRequest, FakeReply> answer) : IDisposable
{
    private readonly TemporaryFolder _folder = TestFiles.NewFolder("dialogues");

    public FakeEndpoint Server { get; } = new(answer);

    public PrincipleOptions Options { get; set; } = new() { Topics = 3, PairsPerTopic = 4, DialoguesPerPair = 4 };

    public string Folder => _folder.Path;

    public EndpointUsage Usage { get; private set; }

    public PrincipleResult Write(int concurrency = 4, CancellationToken cancellationToken = default)
    {
        var endpoint = new EndpointOptions { Url = Server.Url, Model = "fake", ApiKeyVariable = "RLHF_TEST_NO_SUCH_KEY", Concurrency = concurrency, TimeoutSeconds = 10 };
        using var client = EndpointClient.Open(endpoint, _folder.File("transcript.jsonl"), TimeProvider.System);
        var result = PrincipleDialogues.WriteAsync(client, Options, seed: 5, observer: null, cancellationToken).GetAwaiter().GetResult();
        Usage = client.Usage;
        // The address differs from server to server.
        var settings = new DialogueSettings { Seed = 5, Endpoint = endpoint with { Url = "http://localhost/v1" }, Principles = Options };
        DialogueFiles.Write(Folder, result.Dialogues, new DialogueFacts(settings, Usage, result.Dropped));
        return result;
    }

    public IReadOnlyDictionary<string, string> Files() =>
        Directory.GetFiles(Folder).Where(file => Path.GetFileName(file) != "transcript.jsonl").ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }
}
