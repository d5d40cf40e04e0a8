using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.Tests.Endpoints;

public sealed class RewardEndpointScorerTests
{
    private static readonly ScoreRequest[] Requests = [.. Enumerable.Range(1, 7).Select(i => new ScoreRequest(
        $"r{i}", new Passage([new ChatMessage(ChatMessage.User, $"question {i}")]), new Passage([new ChatMessage(ChatMessage.Assistant, new string('x', i))])))];

    [Theory]
    [InlineData(RewardEndpointKind.VllmPooling, "/pooling")]
    [InlineData(RewardEndpointKind.VllmClassify, "/classify")]
    [InlineData(RewardEndpointKind.TextEmbeddingsInference, "/predict")]
    [InlineData(RewardEndpointKind.OpenRlhf, "/get_reward")]
    public async Task ScoreAsync_EveryKind_ScoresInTheOrderOfTheRequests(RewardEndpointKind kind, string path)
    {
        using var server = new FakeEndpoint(request => Reply(kind, request));
        using var scorer = Open(server, kind, "ultrarm");

        var scores = await scorer.ScoreAsync(Requests, null, TestContext.Current.CancellationToken);

        Assert.Equal(Requests.Select(request => (double)WholeText(request).Length), scores);
        Assert.All(server.Requests, request => Assert.EndsWith(path, request.Path, StringComparison.Ordinal));
        Assert.Equal(3, server.Requests.Count);   // 3 + 3 + 1
    }

    [Fact]
    public async Task ScoreAsync_Pairs_GoApart()
    {
        using var server = new FakeEndpoint(request => Reply(RewardEndpointKind.TextEmbeddingsInference, request));
        using var scorer = Open(server, RewardEndpointKind.TextEmbeddingsInference, RewardFormat.Pair);

        await scorer.ScoreAsync([Requests[0]], null, TestContext.Current.CancellationToken);

        Assert.Equal("""[["question 1","x"]]""", JsonNode.Parse(Assert.Single(server.Requests).Body)!["inputs"]!.ToJsonString());
    }

    [Fact]
    public async Task ScoreAsync_Records_AreNotAskedForAgain()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(request => Reply(RewardEndpointKind.OpenRlhf, request));
        double[] first;
        using (var scorer = Open(server, RewardEndpointKind.OpenRlhf, "plain", folder.File("scores.jsonl")))
        {
            first = [.. await scorer.ScoreAsync(Requests[..4], null, TestContext.Current.CancellationToken)];
        }
        var asked = server.Requests.Count;

        using var again = Open(server, RewardEndpointKind.OpenRlhf, "plain", folder.File("scores.jsonl"));
        var second = await again.ScoreAsync(Requests, null, TestContext.Current.CancellationToken);

        Assert.Equal(first, second.Take(4));
        Assert.Equal(asked + 1, server.Requests.Count);
        Assert.Equal(7, File.ReadAllLines(folder.File("scores.jsonl")).Length);
    }

    [Fact]
    public async Task ScoreAsync_ServerFailsInEveryWay_ScoresInTheEnd()
    {
        using var server = new FakeEndpoint(request => request.Number switch
        {
            1 => FakeReply.Busy(),
            2 => FakeReply.Busy(429),
            3 => new FakeReply(200, "{\"rewards\": [NaN]}"),
            4 => new FakeReply(200, "{\"rewards\": [1, 2]}"),
            5 => Reply(RewardEndpointKind.OpenRlhf, request) with { IsCut = true },
            6 => Reply(RewardEndpointKind.OpenRlhf, request) with { IsStalled = true },
            _ => Reply(RewardEndpointKind.OpenRlhf, request),
        });
        using var scorer = new RewardEndpointScorer(
            Options(server, RewardEndpointKind.OpenRlhf) with { Concurrency = 1, TimeoutSeconds = 10 }, "plain", null, new HurriedTime());

        Assert.Single(await scorer.ScoreAsync([Requests[0]], null, TestContext.Current.CancellationToken));
        Assert.Equal(7, server.Requests.Count);
    }

    [Fact]
    public async Task ScoreAsync_AlwaysNoNumber_StopsAndKeepsWhatCame()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(request => request.Body.Contains("question 4", StringComparison.Ordinal)
            ? new FakeReply(200, "{\"rewards\": [NaN, 1, 2]}") : Reply(RewardEndpointKind.OpenRlhf, request));
        using var scorer = new RewardEndpointScorer(
            Options(server, RewardEndpointKind.OpenRlhf) with { Concurrency = 1, MaxRetries = 1 }, "plain", folder.File("scores.jsonl"), new HurriedTime());

        var exception = await Assert.ThrowsAsync<EndpointException>(() => scorer.ScoreAsync(Requests, null, TestContext.Current.CancellationToken));

        Assert.Contains("gave no scores for 'r4' and 2 more: what came back is not what was asked for. That was attempt 2, the last.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("The scores so far are kept", exception.Message, StringComparison.Ordinal);
        scorer.Dispose();
        Assert.Equal(3, File.ReadAllLines(folder.File("scores.jsonl")).Length);
    }

    [Theory]
    [InlineData(RewardEndpointKind.VllmPooling, "plain", null, "vLLM wants the name of the model.")]
    [InlineData(RewardEndpointKind.OpenRlhf, RewardFormat.Pair, "m", "takes whole texts, no pairs")]
    [InlineData(RewardEndpointKind.OpenRlhf, "plane", "m", "There is no chat format 'plane'")]
    public void New_WrongSettings_AreNamed(RewardEndpointKind kind, string format, string? model, string message)
    {
        var options = new RewardEndpointOptions { Url = "http://localhost:1", Kind = kind, Model = model };

        Assert.Contains(message, Assert.Throws<InputException>(() => new RewardEndpointScorer(options, format, null, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_NoAddress_IsNamed() => Assert.Contains(
        "'here' is no http or https address",
        Assert.Throws<InputException>(() => new RewardEndpointScorer(new RewardEndpointOptions { Url = "here", Kind = RewardEndpointKind.OpenRlhf }, "plain", null, TimeProvider.System)).Message,
        StringComparison.Ordinal);

    private static RewardEndpointScorer Open(FakeEndpoint server, RewardEndpointKind kind, string format, string? records = null) =>
        new(Options(server, kind), format, records, TimeProvider.System);

    private static RewardEndpointOptions Options(FakeEndpoint server, RewardEndpointKind kind) =>
        new() { Url = server.Url[..^"/v1".Length], Kind = kind, Model = "m", BatchSize = 3, Concurrency = 2 };

    private static string WholeText(ScoreRequest request) => $"Human: {request.Prompt!.Messages[0].Content}\n\nAssistant: {request.Completion.Messages[0].Content}";

    // A reward model that likes long texts, in the words of each server; vLLM's lists come in another order.
    private static FakeReply Reply(RewardEndpointKind kind, FakeRequest request)
    {
        var body = JsonNode.Parse(request.Body)!;
        var texts = (body["input"] ?? body["inputs"] ?? body["query"])!.AsArray();
        int Length(JsonNode? text) => text is JsonArray parts ? parts.Sum(part => ((string)part!).Length) : ((string)text!).Length;
        object answer = kind switch
        {
            RewardEndpointKind.VllmPooling => new { data = texts.Select((text, index) => new { index, data = new[] { new[] { -1.0 }, new[] { (double)Length(text) } } }).Reverse() },
            RewardEndpointKind.VllmClassify => new { data = texts.Select((text, index) => new { index, probs = new[] { (double)Length(text) } }).Reverse() },
            RewardEndpointKind.TextEmbeddingsInference => texts.Select(text => new[] { new { score = (double)Length(text), label = "LABEL_0" } }),
            _ => new { rewards = texts.Select(text => (double)Length(text)) },
        };
        return new FakeReply(200, JsonSerializer.Serialize(answer));
    }
}
