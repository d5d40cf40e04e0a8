using System.ClientModel;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Polly.Timeout;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Why an attempt brought no answer. Thrown between an attempt and the rule that decides on another; never leaves the client.</summary>
internal sealed class EndpointFailure : Exception
{
    private const int LongestQuote = 300;

    private EndpointFailure(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Gets the HTTP status; 0 when there was none.</summary>
    public int Status { get; private init; }

    /// <summary>Gets whether the same request may succeed later.</summary>
    public bool IsTransient { get; private init; }

    /// <summary>Gets how long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Recognises a failure.</summary>
    /// <param name="exception">What an attempt threw.</param>
    /// <param name="now">The time, for servers that name the moment at which they may be asked again.</param>
    /// <returns>The failure; null if the exception is a mistake of this program.</returns>
    public static EndpointFailure? Of(Exception exception, DateTimeOffset now) => exception switch
    {
        TimeoutRejectedException timeout =>
            Transient(string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.Timeout.TotalSeconds:0.##} s"), exception),
        ClientResultException { Status: not 0 } result => OfStatus(result, now),
        ClientResultException or HttpRequestException or IOException => Transient($"the connection failed ({Quote(exception.GetBaseException().Message)})", exception),
        // However a body that is no chat completion happens to break the reader of one.
        JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or NotSupportedException =>
            Transient("what came back is no chat completion", exception),
        OperationCanceledException => Transient("the connection gave up waiting", exception),
        _ => null,
    };

    private static EndpointFailure Transient(string message, Exception cause) => new(message, cause) { IsTransient = true };

    private static EndpointFailure OfStatus(ClientResultException result, DateTimeOffset now) => new($"HTTP {result.Status}: {Quote(Explanation(result))}", result)
    {
        Status = result.Status,
        IsTransient = result.Status is 408 or 425 or 429 or >= 500,
        RetryAfter = Wait(result, now),
    };

    // The server's own words, without what the client puts around them.
    private static string Explanation(ClientResultException result)
    {
        try
        {
            var body = result.GetRawResponse()?.Content.ToString() ?? string.Empty;
            using var json = JsonDocument.Parse(body);
            var error = json.RootElement.GetProperty("error");
            return (error.ValueKind == JsonValueKind.String ? error : error.GetProperty("message")).GetString() ?? result.Message;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return result.Message;
        }
    }

    private static TimeSpan? Wait(ClientResultException result, DateTimeOffset now)
    {
        if (result.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var value) is not true || value is null)
        {
            return null;
        }
        var wait = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= int.MaxValue
            ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment - now : TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static string Quote(string text)
    {
        var line = Regex.Replace(text, @"\s+", " ").Trim();
        return line.Length > LongestQuote ? $"{line[..LongestQuote]}..." : line;
    }
}
