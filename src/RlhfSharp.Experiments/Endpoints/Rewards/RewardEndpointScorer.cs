using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Polly;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Scores answers by a reward model behind a server. Scores are kept as they arrive, and none is asked for twice.</summary>
public sealed class RewardEndpointScorer : IScorer
{
    private readonly RewardEndpointOptions _options;
    private readonly Uri _address;
    private readonly RewardProtocol _protocol;
    private readonly IChatFormat? _format;   // null for pairs
    private readonly ScoreRecords? _records;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _deadline;

    /// <summary>Initializes a scorer. Nothing is sent yet.</summary>
    /// <param name="options">Which server, and how fast.</param>
    /// <param name="format">One of <see cref="RewardFormat.Names"/>: how prompt and answer become one text, or that they go as a pair.</param>
    /// <param name="records">The JSONL file of scores; made if it does not exist. Null keeps none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Watches; may be null.</param>
    /// <exception cref="InputException">A setting is out of its range, the format does not exist or the server does not take pairs, or the file cannot
    /// be used.</exception>
    public RewardEndpointScorer(RewardEndpointOptions options, string format, string? records, TimeProvider time, IEndpointObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _address = options.Check();
        (_options, _protocol, _time) = (options, RewardProtocol.Of(options.Kind), time);
        if (format == RewardFormat.Pair && !_protocol.TakesPairs)
        {
            throw new InputException($"A server of the kind {options.Kind} takes whole texts, no pairs. Name a chat format.");
        }
        _format = format == RewardFormat.Pair ? null : ChatFormats.Get(format);
        _records = records is null ? null : new ScoreRecords(records);
        // A proxy cannot reach this machine's own servers.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !_address.IsLoopback }) { Timeout = Timeout.InfiniteTimeSpan };
        if (Environment.GetEnvironmentVariable(options.ApiKeyVariable)?.Trim() is { Length: > 0 } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        _retry = RetryRule.Create(options.MaxRetries, time, observer);
        _deadline = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(TimeSpan.FromSeconds(options.TimeoutSeconds)).Build();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var texts = requests.Select(Write).ToList();
        var hashes = texts.ConvertAll(Hash);
        var scores = hashes.ConvertAll(hash => _records?.Find(hash));
        var missing = Enumerable.Range(0, texts.Count).Where(i => scores[i] is null).ToList();
        var done = texts.Count - missing.Count;
        await Parallel.ForEachAsync(
            missing.Chunk(_options.BatchSize),
            new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
            async (batch, token) =>
            {
                var values = await AskAsync([.. batch.Select(i => texts[i])], token).ConfigureAwait(false);
                _records?.Append(batch.Zip(values, (i, value) => new ScoreRecord(texts[i].Id, hashes[i], value)));
                lock (scores)
                {
                    foreach (var (i, value) in batch.Zip(values))
                    {
                        scores[i] = value;
                    }
                    done += batch.Length;
                    progress?.Report((double)done / texts.Count);
                }
            }).ConfigureAwait(false);
        return [.. scores.Select(score => score!.Value)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _records?.Dispose();
    }

    private async Task<IReadOnlyList<double>> AskAsync(IReadOnlyList<RewardText> texts, CancellationToken cancellationToken)
    {
        var body = _protocol.Ask(_options.Model, texts, asPairs: _format is null).ToJsonString();
        var attempts = 0;
        var context = ResilienceContextPool.Shared.Get(texts[0].Id, continueOnCapturedContext: false, cancellationToken);
        try
        {
            return await _retry.ExecuteAsync(
                async current =>
                {
                    attempts++;
                    return await AttemptAsync(body, texts.Count, current.CancellationToken).ConfigureAwait(false);
                },
                context).ConfigureAwait(false);
        }
        catch (EndpointFailure failure)
        {
            var kept = _records is null ? string.Empty : " The scores so far are kept and need not be asked for again.";
            throw new EndpointException(
                $"{_address} gave no scores for '{texts[0].Id}'{(texts.Count > 1 ? $" and {texts.Count - 1} more" : string.Empty)}: {failure.Message.TrimEnd('.')}. "
                + $"That was attempt {attempts}, the last. Check that the server runs, is of the kind {_options.Kind} and knows the model.{kept}", failure);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<IReadOnlyList<double>> AttemptAsync(string body, int count, CancellationToken cancellationToken)
    {
        try
        {
            return await _deadline.ExecuteAsync(async token =>
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await _http.PostAsync(_address, content, token).ConfigureAwait(false);
                var answer = await response.Content.ReadAsStringAsync(token).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode)
                {
                    var retryAfter = response.Headers.TryGetValues("Retry-After", out var values) ? values.First() : null;
                    throw EndpointFailure.OfResponse((int)response.StatusCode, answer, retryAfter, _time.GetUtcNow());
                }
                using var json = JsonDocument.Parse(answer);
                var scores = _protocol.Read(json.RootElement);
                return scores.Count == count && scores.All(double.IsFinite)
                    ? scores
                    : throw new FormatException($"{scores.Count} scores came for {count} texts");
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not EndpointFailure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EndpointFailure.Of(exception, _time.GetUtcNow()) is { } failure ? failure : exception;
        }
    }

    private RewardText Write(ScoreRequest request)
    {
        var (prompt, answer) = (request.Prompt?.ToPlainText() ?? string.Empty, request.Completion.ToPlainText());
        return new RewardText(request.Id, prompt, answer, _format is null ? prompt + answer : request.Write(_format));
    }

    private string Hash(RewardText text)
    {
        string[] content = [_options.Kind.ToString(), _options.Model ?? string.Empty, _format?.Name ?? RewardFormat.Pair, text.Prompt, text.Answer, text.Whole];
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content)))[..32];
    }
}
