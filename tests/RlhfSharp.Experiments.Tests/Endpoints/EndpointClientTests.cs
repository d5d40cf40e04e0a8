using System.Diagnostics;
using System.Text.Json;
using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Endpoints;

public sealed class EndpointClientTests
{
    [Fact]
    public void Ask_ServerAnswers_SendsModelAndSettingsAndCountsTokens()
    {
        using var test = new EndpointCase(_ => FakeReply.Of("Hi."));
        test.Options = test.Options with { Temperature = 0.5, MaxTokens = 77 };

        Assert.Equal("Hi.", test.Ask());

        var request = Assert.Single(test.Server.Requests);
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal("/v1/chat/completions", request.Path);
        Assert.Equal(("fake", 0.5, "Hello?"), (body.GetProperty("model").GetString(), body.GetProperty("temperature").GetDouble(), request.Question));
        Assert.Contains("77", request.Body, StringComparison.Ordinal);
        Assert.Equal(new EndpointUsage(Requests: 1, Asked: 1, InputTokens: 10, OutputTokens: 5), test.Client.Usage);
    }

    // 2 million tokens at 0.5 and 3 million at 4: 1 + 12.
    [Fact]
    public void Cost_PricesPerMillion_AddUp() =>
        Assert.Equal(13, new EndpointUsage(Requests: 9, Asked: 4, InputTokens: 2_000_000, OutputTokens: 3_000_000).Cost(
            new EndpointOptions { Url = "http://localhost", Model = "m", InputPrice = 0.5, OutputPrice = 4 }), tolerance: 1e-12);

    [Fact]
    public void Ask_AddressOfCompletionsItself_IsUnderstood()
    {
        using var test = new EndpointCase(_ => FakeReply.Of("Hi."));
        test.Options = test.Options with { Url = $"{test.Options.Url}/chat/completions/" };
        Assert.Equal("Hi.", test.Ask());
    }

    [Fact]
    public void Ask_RecordedRequest_IsNotSentAgain()
    {
        using var test = new EndpointCase(request => FakeReply.Of($"Answer {request.Number}\n\"\u00e9\ud83d\udc18\""));
        var first = test.Ask();

        test.Restart();

        Assert.Equal(first, test.Ask());
        Assert.Single(test.Server.Requests);
        Assert.Equal(new EndpointUsage(Requests: 1, Asked: 0, InputTokens: 10, OutputTokens: 5), test.Client.Usage);
    }

    [Fact]
    public void Ask_OtherTextIdOrModel_IsAnotherRequest()
    {
        using var test = new EndpointCase(request => FakeReply.Of($"Answer {request.Number}"));
        Assert.Equal("Answer 1", test.Ask("a", "one"));
        Assert.Equal("Answer 2", test.Ask("a", "two"));
        Assert.Equal("Answer 3", test.Ask("b", "two"));
        test.Restart();
        test.Options = test.Options with { Model = "other" };
        Assert.Equal("Answer 4", test.Ask("b", "two"));
    }

    [Fact]
    public void Open_TornLastLine_IsCutOffAndAskedAgain()
    {
        using var test = new EndpointCase(request => FakeReply.Of($"Answer {request.Number}"));
        test.Ask("a");
        test.Ask("b");
        test.Restart();
        var lines = File.ReadAllText(test.TranscriptPath);
        File.WriteAllText(test.TranscriptPath, lines[..^20]);

        Assert.Equal("Answer 1", test.Ask("a"));
        Assert.Equal("Answer 3", test.Ask("b"));
        test.Restart();
        Assert.Equal(2, File.ReadLines(test.TranscriptPath).Count());
    }

    [Fact]
    public void Open_LineThatIsNoEntry_IsAnErrorThatNamesIt()
    {
        using var test = new EndpointCase(_ => FakeReply.Of("Hi."));
        File.WriteAllText(test.TranscriptPath, "{\"id\":\"a\"}\n");
        var message = Assert.Throws<InputException>(() => test.Ask()).Message;
        Assert.StartsWith($"{test.TranscriptPath}:1: is no entry of a transcript: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public void Ask_FailureThatPasses_IsRepeatedWhenTheServerWantsIt(int status)
    {
        using var test = new EndpointCase(request => request.Number < 3 ? FakeReply.Busy(status) : FakeReply.Of("Hi."));

        Assert.Equal("Hi.", test.Ask());

        Assert.Equal(3, test.Server.Requests.Count);
        Assert.All(test.Retries, retry => Assert.Equal(($"HTTP {status}: Too busy.", TimeSpan.Zero), retry));
        Assert.Contains("\"attempts\":3", ReadTranscript(test), StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_ConnectionCutInTheMiddle_IsRepeated()
    {
        using var test = new EndpointCase(request => request.Number == 1 ? FakeReply.Of("Hi.") with { IsCut = true } : FakeReply.Of("Hi."));
        Assert.Equal("Hi.", test.Ask());
        Assert.InRange(Assert.Single(test.Retries).Delay.TotalSeconds, 0.5, 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ask_ServerStalls_EndsInTime(bool sendsHalf)
    {
        using var test = new EndpointCase(_ => FakeReply.Of("Hi.") with { IsStalled = sendsHalf, Delay = sendsHalf ? TimeSpan.Zero : TimeSpan.FromMinutes(5) });
        test.Options = test.Options with { TimeoutSeconds = 0.3, MaxRetries = 0 };
        var watch = Stopwatch.StartNew();

        var message = test.AssertFails().Message;

        Assert.Contains("did not answer request 'hello/1': no answer within 0.3 s. That was attempt 1, the last.", message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Ask_KeepsFailing_SaysWhatHappenedAndWhereAnswersAre()
    {
        using var test = new EndpointCase(request => request.Number == 1 ? FakeReply.Of("Hi.") : FakeReply.Busy());
        test.Ask("a");

        var message = test.AssertFails("b").Message;

        Assert.Equal(5, test.Server.Requests.Count);
        Assert.StartsWith($"{test.Server.Url} did not answer request 'b': HTTP 503: Too busy. That was attempt 4, the last.", message, StringComparison.Ordinal);
        Assert.Contains(test.TranscriptPath, message, StringComparison.Ordinal);
        test.Restart();
        Assert.Equal("Hi.", test.Ask("a"));
    }

    [Theory]
    [InlineData(401, "HTTP 401: Bad \"key\". It wants a key that it knows; the environment variable RLHF_TEST_NO_SUCH_KEY is not set.")]
    [InlineData(403, "HTTP 403: Bad \"key\". It wants a key")]
    [InlineData(404, "HTTP 404: Bad \"key\". Check that the address is the one below which /chat/completions lies")]
    [InlineData(400, "HTTP 400: Bad \"key\". Check that the model 'fake' takes requests of this kind (temperature 1, up to 2048 tokens).")]
    public void Ask_Refused_IsNotRepeatedAndSaysWhatToCheck(int status, string expected)
    {
        using var test = new EndpointCase(_ => new FakeReply(status, """{"error":{"message":"Bad \"key\"."}}"""));
        Assert.Contains(expected, test.AssertFails().Message, StringComparison.Ordinal);
        Assert.Single(test.Server.Requests);
    }

    [Fact]
    public void Ask_DailyQuotaUsedUp_DoesNotWaitForIt()
    {
        using var test = new EndpointCase(_ => FakeReply.Busy(429) with { RetryAfter = "36000" });
        Assert.Contains("It wants to be left alone for 600 minutes.", test.AssertFails().Message, StringComparison.Ordinal);
        Assert.Single(test.Server.Requests);
    }

    [Theory]
    [InlineData("<html>Welcome to the proxy</html>")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("[1, 2")]
    [InlineData("")]
    public void Ask_AnswerIsNoChatCompletion_SaysSo(string body)
    {
        using var test = new EndpointCase(_ => new FakeReply(200, body));
        test.Options = test.Options with { MaxRetries = 0 };
        Assert.Contains("what came back is not what was asked for", test.AssertFails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_NobodyListens_SaysThatTheConnectionFailed()
    {
        using var test = new EndpointCase(_ => FakeReply.Of("Hi."));
        test.Options = test.Options with { MaxRetries = 0 };
        test.Server.Dispose();
        Assert.Contains("the connection failed", test.AssertFails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_Cancelled_StopsAtOnceAndRecordsNothing()
    {
        using var test = new EndpointCase(_ => FakeReply.Of("Hi.") with { Delay = TimeSpan.FromMinutes(5) });
        using var source = new CancellationTokenSource();
        var task = test.AskAsync("a", cancellationToken: source.Token);
        await WaitUntil(() => test.Server.Requests.Count == 1);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(0, new FileInfo(test.TranscriptPath).Length);
    }

    [Fact]
    public async Task Ask_ManyAtATime_NeverMoreThanAllowed()
    {
        using var test = new EndpointCase(_ => FakeReply.Of("Hi.") with { Delay = TimeSpan.FromMilliseconds(30) });
        test.Options = test.Options with { Concurrency = 3 };

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => test.AskAsync($"a/{i}")));

        Assert.InRange(test.Server.MostOpen, 2, 3);
        Assert.Equal(20, test.Client.Usage.Asked);
    }

    [Fact]
    public void Ask_KeyInEnvironment_IsSentAndWrittenNowhere()
    {
        const string Variable = "RLHF_TEST_KEY";
        using var test = new EndpointCase(_ => FakeReply.Of("Hi."));
        test.Options = test.Options with { ApiKeyVariable = Variable };
        Environment.SetEnvironmentVariable(Variable, " secret-7 \n");
        try
        {
            test.Ask();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
        Assert.Equal("Bearer secret-7", Assert.Single(test.Server.Requests).Authorization);
        Assert.DoesNotContain("secret-7", ReadTranscript(test), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BadSettings_NamesAll()
    {
        using var folder = TestFiles.NewFolder();
        var options = new EndpointOptions { Url = "localhost:8000", Model = "", Concurrency = 0, TimeoutSeconds = 0 };
        var message = Assert.Throws<InputException>(() => EndpointClient.Open(options, folder.File("t"), TimeProvider.System)).Message;
        foreach (var part in new[] { "Model", "Concurrency", "TimeoutSeconds", "'localhost:8000' is no http or https address" })
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static string ReadTranscript(EndpointCase test)
    {
        test.Restart();
        return File.ReadAllText(test.TranscriptPath);
    }

    private static async Task WaitUntil(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(5);
        }
    }
}
