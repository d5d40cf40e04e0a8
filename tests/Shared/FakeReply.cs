using System.Text.Json;

namespace RlhfSharp.Tests;

/// <summary>How a <see cref="FakeEndpoint"/> answers a request.</summary>
internal sealed record FakeReply(int Status, string Body)
{
    /// <summary>Gets what the header Retry-After says; null leaves it out.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Gets whether the connection ends after half of the body.</summary>
    public bool IsCut { get; init; }

    /// <summary>Gets whether half of the body comes and then nothing more, until the server ends.</summary>
    public bool IsStalled { get; init; }

    /// <summary>Gets how long the server thinks.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Answers like a model: 10 tokens in, 5 out.</summary>
    public static FakeReply Of(string text) => new(200, JsonSerializer.Serialize(new
    {
        id = "chat-1",
        @object = "chat.completion",
        created = 1,
        model = "fake",
        choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text } } },
        usage = new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 },
    }));

    /// <summary>Answers with an error that may be repeated at once.</summary>
    public static FakeReply Busy(int status = 503) => new(status, """{"error":{"message":"Too busy."}}""") { RetryAfter = "0" };
}
