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
        // However a body that is something else happens to break the reader.
        JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or NotSupportedException =>
            Transient("what came back is not what was asked for", exception),
        OperationCanceledException => Transient("the connection gave up waiting", exception),
        _ => null,
    };

    private static EndpointFailure Transient(string message, Exception cause) => new(message, cause) { IsTransient = true };

    private static EndpointFailure OfStatus(ClientResultException result, DateTimeOffset now)
    {
        var response = result.GetRawResponse();
        var retryAfter = response?.Headers.TryGetValue("Retry-After", out var value) is true ? value : null;
        return OfStatus(result.Status, Explanation(response?.Content.ToString()) ?? result.Message, retryAfter, now, result);
    }

    /// <summary>Recognises a failure by its HTTP status.</summary>
    /// <param name="status">Not a success.</param>
    /// <param name="body">What the server sent.</param>
    /// <param name="retryAfter">The header of that name; null where there is none.</param>
    /// <param name="now">The time, for servers that name the moment at which they may be asked again.</param>
    public static EndpointFailure OfResponse(int status, string body, string? retryAfter, DateTimeOffset now) =>
        OfStatus(status, Explanation(body) ?? body, retryAfter, now, new HttpRequestException(body));

    private static EndpointFailure OfStatus(int status, string explanation, string? retryAfter, DateTimeOffset now, Exception cause) => new($"HTTP {status}: {Quote(explanation)}", cause)
    {
        Status = status,
        IsTransient = status is 408 or 425 or 429 or >= 500,
        RetryAfter = Wait(retryAfter, now),
    };

    // The server's own words, without what is put around them; null where they are not found.
    private static string? Explanation(string? body)
    {
        try
        {
            using var json = JsonDocument.Parse(body ?? string.Empty);
            var error = json.RootElement.GetProperty("error");
            return (error.ValueKind == JsonValueKind.String ? error : error.GetProperty("message")).GetString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static TimeSpan? Wait(string? value, DateTimeOffset now)
    {
        if (value is null)
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
