using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.Retry;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Hub;

/// <summary>Speaks with the Hub: redirections, authorisation, repetition.</summary>
internal sealed class HubConnection : IDisposable
{
    private const int MaxRedirections = 5;
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    private readonly HubOptions _options;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;

    public HubConnection(HubOptions options, TimeProvider time)
    {
        _options = options;
        // Redirections are followed by hand: the token must not go with them. A proxy cannot reach this machine's own servers.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !options.Endpoint.IsLoopback, ConnectTimeout = options.Patience })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("rlhfsharp", "1.0"));
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.MaxRetries > 0)
        {
            pipeline.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is HubFailure { IsTransient: true }),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(((HubFailure)arguments.Outcome.Exception!).RetryAfter
                    ?? TimeSpan.FromSeconds(Math.Min(LongestBackOff.TotalSeconds, Math.Pow(2, arguments.AttemptNumber)))),
            });
        }
        _retry = pipeline.Build();
    }

    /// <summary>Asks for JSON.</summary>
    public Task<JsonDocument> GetJsonAsync(Uri address, CancellationToken cancellationToken) => RetryAsync(async token =>
    {
        using var response = await SendAsync(HttpMethod.Get, address, 0, token).ConfigureAwait(false);
        try
        {
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync(token).ConfigureAwait(false));
        }
        catch (JsonException exception)
        {
            throw new HubFailure($"{address} sent something that is no JSON", isTransient: true, exception);
        }
    }, cancellationToken);

    /// <summary>Asks what a file is, without the file.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="address">Where it lies.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<HubFile> DescribeAsync(string name, Uri address, CancellationToken cancellationToken) => RetryAsync(async token =>
    {
        // The first answer has the etag and the size, also where it redirects to the place of the bytes.
        using var response = await SendOnceAsync(HttpMethod.Head, address, 0, token).ConfigureAwait(false);
        RequireSuccess(response, address, isRedirectionFine: true);
        var etag = Header(response, "X-Linked-Etag") ?? Header(response, "ETag");
        var size = Header(response, "X-Linked-Size") ?? response.Content.Headers.ContentLength?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return etag?.Trim().TrimStart('W', '/').Trim('"') is { Length: > 0 } tag && tag.All(char.IsAsciiLetterOrDigit) && long.TryParse(size, out var bytes) && bytes >= 0
            ? new HubFile(name, tag, bytes, address)
            : throw new HubFailure($"{address} was not described by an etag and a size", isTransient: false);
    }, cancellationToken);

    /// <summary>Reads a file's bytes from some place on. Each attempt begins where the last one ended.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="have">Tells how many bytes are there.</param>
    /// <param name="restart">Is called where the server sends everything from the beginning.</param>
    /// <param name="write">Takes bytes.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task ReadAsync(Uri address, Func<long> have, Action restart, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken) =>
        RetryAsync(async token =>
        {
            using var response = await SendAsync(HttpMethod.Get, address, have(), token).ConfigureAwait(false);
            if (have() > 0 && response.Content.Headers.ContentRange?.From != have())
            {
                restart();
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw new HubFailure($"{address} sent another part of the file than it was asked for", isTransient: true);
                }
            }
            await using var stream = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            var buffer = new byte[1 << 16];
            while (await PatientlyAsync(waiting => stream.ReadAsync(buffer, waiting), address, token).ConfigureAwait(false) is > 0 and var count)
            {
                await write(buffer.AsMemory(0, count), token).ConfigureAwait(false);
            }
            return true;
        }, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await _retry.ExecuteAsync(async token => await attempt(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (HubFailure failure)
        {
            throw new InputException($"{failure.Message.TrimEnd('.')}.{(failure.IsTransient ? " What was fetched so far is kept; the same command goes on from there." : string.Empty)}", failure);
        }
    }

    // Follows redirections; the token stays with the Hub.
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long from, CancellationToken cancellationToken)
    {
        for (var redirections = 0; redirections <= MaxRedirections; redirections++)
        {
            var response = await SendOnceAsync(method, address, from, cancellationToken).ConfigureAwait(false);
            if (response.Headers.Location is not { } next || (int)response.StatusCode is < 300 or >= 400)
            {
                RequireSuccess(response, address, isRedirectionFine: false);
                return response;
            }
            response.Dispose();
            address = new Uri(address, next);
        }
        throw new HubFailure($"{address} redirects more than {MaxRedirections} times", isTransient: false);
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address, long from, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));   // sizes and ranges are those of the file
        if (_options.Token is { } token && address.Authority == _options.Endpoint.Authority)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }
        return PatientlyAsync(waiting => new ValueTask<HttpResponseMessage>(_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, waiting)), address, cancellationToken);
    }

    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, ValueTask<T>> wait, Uri address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience);
        try
        {
            return await wait(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var what = exception is OperationCanceledException ? $"nothing came for {_options.Patience.TotalSeconds:0.##} s" : exception.GetBaseException().Message.TrimEnd('.');
            throw new HubFailure($"{address} could not be read: {what}", isTransient: true, exception);
        }
    }

    private void RequireSuccess(HttpResponseMessage response, Uri address, bool isRedirectionFine)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode || (isRedirectionFine && status is >= 300 and < 400))
        {
            return;
        }
        using (response)
        {
            var what = status switch
            {
                401 or 403 when _options.Token is null => "The model is private, gated or does not exist. If you have access, set HF_TOKEN to your token",
                401 or 403 => "The token in HF_TOKEN has no access to this model; accept its conditions on its page",
                404 => "There is no such model, revision or file",
                416 => "The file is shorter than what was fetched of it",
                _ => $"The server answered {status}",
            };
            throw new HubFailure($"{address} (HTTP {status}): {what}", status is 408 or 425 or 429 or >= 500) { RetryAfter = response.Headers.RetryAfter?.Delta };
        }
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
