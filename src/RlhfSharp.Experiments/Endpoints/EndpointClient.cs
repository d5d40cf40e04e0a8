using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Polly;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Asks a language model behind an OpenAI-compatible endpoint, and keeps every answer: what the transcript holds is not asked again.</summary>
/// <remarks>At most <see cref="EndpointOptions.Concurrency"/> requests are under way at a time; each attempt waits for its place in
/// <see cref="EndpointOptions.RequestsPerMinute"/> and has <see cref="EndpointOptions.TimeoutSeconds"/> for itself. An answer counts as soon as it is
/// on disk. Safe to call from several threads.</remarks>
public sealed class EndpointClient : IDisposable
{
    private readonly EndpointOptions _options;
    private readonly IChatClient _chat;
    private readonly Transcript _transcript;
    private readonly TimeProvider _time;
    private readonly IEndpointObserver? _observer;
    private readonly ChatOptions _chatOptions;
    private readonly SemaphoreSlim _slots;
    private readonly RequestPacer _pacer;
    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _deadline;
    private readonly Lock _usageLock = new();
    private EndpointUsage _usage;

    /// <summary>Initializes a client over any chat client, which it owns from then on.</summary>
    internal EndpointClient(EndpointOptions options, IChatClient chat, string transcript, TimeProvider time, IEndpointObserver? observer)
    {
        (_options, _chat, _time, _observer) = (options, chat, time, observer);
        _chatOptions = new ChatOptions { Temperature = (float)options.Temperature, MaxOutputTokens = options.MaxTokens };
        _slots = new SemaphoreSlim(options.Concurrency);
        _pacer = new RequestPacer(options.RequestsPerMinute, time);
        _retry = RetryRule.Create(options.MaxRetries, time, observer);
        _deadline = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(TimeSpan.FromSeconds(options.TimeoutSeconds)).Build();
        _transcript = new Transcript(transcript);
    }

    /// <summary>Gets the largest number of requests that are under way at a time: more tasks than that only wait.</summary>
    public int Concurrency => _options.Concurrency;

    /// <summary>Gets what the answers have cost so far.</summary>
    public EndpointUsage Usage
    {
        get
        {
            lock (_usageLock)
            {
                return _usage;
            }
        }
    }

    /// <summary>Opens a client. Nothing is sent yet.</summary>
    /// <param name="options">Which model, and how fast.</param>
    /// <param name="transcript">The file of recorded answers; made if it does not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Watches; may be null.</param>
    /// <returns>The client.</returns>
    /// <exception cref="InputException">A setting is out of its range, or the transcript cannot be used.</exception>
    public static EndpointClient Open(EndpointOptions options, string transcript, TimeProvider time, IEndpointObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var chat = ConnectedChatClient.Open(options, options.Check());
        try
        {
            return new EndpointClient(options, chat, transcript, time, observer);
        }
        catch
        {
            chat.Dispose();
            throw;
        }
    }

    /// <summary>Gets the answer to a request: the recorded one if there is one, else the model is asked.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting; nothing is recorded then.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="EndpointException">The server refuses the request, or fails again and again. Other answers are safe in the transcript.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<EndpointAnswer> AskAsync(EndpointRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var hash = Hash(request);
        var entry = _transcript.Find(request.Id, hash);
        var isRecorded = entry is not null;
        entry ??= await AskAsync(request, hash, cancellationToken).ConfigureAwait(false);
        var answer = new EndpointAnswer(entry.Text, entry.InputTokens, entry.OutputTokens, isRecorded);
        lock (_usageLock)
        {
            _usage = _usage.Plus(answer);
        }
        _observer?.OnAnswer(answer);
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _chat.Dispose();
        _transcript.Dispose();
        _slots.Dispose();
    }

    private string Saved => $"The answers so far are in '{_transcript.Path}' and need not be asked for again.";

    private async Task<TranscriptEntry> AskAsync(EndpointRequest request, string hash, CancellationToken cancellationToken)
    {
        var messages = request.Messages.Select(message => new ChatMessage(new ChatRole(message.Role), message.Content)).ToList();
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        var attempts = 0;
        var context = ResilienceContextPool.Shared.Get(request.Id, continueOnCapturedContext: false, cancellationToken);
        try
        {
            var response = await _retry.ExecuteAsync(
                async current =>
                {
                    attempts++;
                    return await AttemptAsync(messages, current.CancellationToken).ConfigureAwait(false);
                },
                context).ConfigureAwait(false);
            var usage = response.Usage;
            var entry = new TranscriptEntry(
                request.Id, hash, request.Messages, response.Text, usage?.InputTokenCount ?? 0, usage?.OutputTokenCount ?? 0, attempts);
            _transcript.Append(entry);
            return entry;
        }
        catch (EndpointFailure failure)
        {
            throw new EndpointException(Explain(failure, request.Id, attempts), failure);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            _slots.Release();
        }
    }

    private async Task<ChatResponse> AttemptAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        await _pacer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _deadline.ExecuteAsync(
                async token => await _chat.GetResponseAsync(messages, _chatOptions, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (EndpointFailure.Of(exception, _time.GetUtcNow()) is not { } failure)
            {
                throw;
            }
            if (failure is { IsTransient: true, RetryAfter: { } pause })
            {
                _pacer.Pause(pause);
            }
            throw failure;
        }
    }

    private string Explain(EndpointFailure failure, string request, int attempts)
    {
        var what = failure.Status switch
        {
            401 or 403 => $"It wants a key that it knows; the environment variable {_options.ApiKeyVariable} "
                + (ConnectedChatClient.Key(_options) is null ? "is not set." : "holds one that it does not accept for this model."),
            404 => "Check that the address is the one below which /chat/completions lies (it often ends in /v1), "
                + $"and that the server has a model '{_options.Model}'.",
            _ when failure.RetryAfter > RetryRule.LongestPause => $"It wants to be left alone for {failure.RetryAfter.Value.TotalMinutes:F0} minutes. {Saved}",
            _ when failure.IsTransient => $"That was attempt {attempts}, the last. Check that the server runs, that it is given enough time, and no more requests than it "
                + $"takes. {Saved}",
            _ => $"Check that the model '{_options.Model}' takes requests of this kind (temperature {_options.Temperature.ToString(CultureInfo.InvariantCulture)}, "
                + $"up to {_options.MaxTokens} tokens).",
        };
        return $"{_options.Url} did not answer request '{request}': {failure.Message.TrimEnd('.')}. {what}";
    }

    private string Hash(EndpointRequest request)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new { _options.Model, _options.Temperature, _options.MaxTokens, request.Messages });
        return Convert.ToHexStringLower(SHA256.HashData(content))[..32];
    }
}
