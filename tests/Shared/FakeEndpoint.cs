using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace RlhfSharp.Tests;

/// <summary>A server on this machine that speaks OpenAI's chat completions, well or badly.</summary>
internal sealed class FakeEndpoint : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Func<FakeRequest, FakeReply> _answer;
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly CancellationTokenSource _end = new();
    private int _count;
    private int _open;
    private int _mostOpen;

    public FakeEndpoint(Func<FakeRequest, FakeReply> answer)
    {
        _answer = answer;
        (_listener, Url) = Listen();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Answers every request with one text.</summary>
    public FakeEndpoint(string text)
        : this(_ => FakeReply.Of(text))
    {
    }

    public string Url { get; }

    /// <summary>Gets everything that came, in order.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests.OrderBy(request => request.Number)];

    /// <summary>Gets the largest number of requests that were open at a time.</summary>
    public int MostOpen => Volatile.Read(ref _mostOpen);

    public void Dispose()
    {
        _end.Cancel();
        _listener.Close();
    }

    private static (HttpListener Listener, string Url) Listen()
    {
        for (var tries = 0; ; tries++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, $"http://127.0.0.1:{port}/v1");
            }
            catch (HttpListenerException) when (tries < 20)
            {
                // Somebody else took the port meanwhile.
            }
        }
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var open = Interlocked.Increment(ref _open);
            InterlockedMaximum(open);
            var request = await ReadAsync(context.Request);
            var reply = _answer(request);
            if (reply.Delay > TimeSpan.Zero)
            {
                await Task.Delay(reply.Delay, _end.Token);
            }
            Interlocked.Decrement(ref _open);
            await WriteAsync(context.Response, reply);
        }
        catch (Exception exception) when (exception is HttpListenerException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            context.Response.Abort();   // the client is gone, or this server is
        }
    }

    private async Task<FakeRequest> ReadAsync(HttpListenerRequest request)
    {
        using var reader = new StreamReader(request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var text = Question(JsonDocument.Parse(body).RootElement);
        var arrived = new FakeRequest(Interlocked.Increment(ref _count), request.Url!.AbsolutePath, request.Headers["Authorization"] ?? "", body, text);
        _requests.Enqueue(arrived);
        return arrived;
    }

    // The last message; empty where something else than a chat is asked for.
    private static string Question(JsonElement body)
    {
        if (!body.TryGetProperty("messages", out var messages))
        {
            return string.Empty;
        }
        var content = messages.EnumerateArray().Last().GetProperty("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
    }

    private async Task WriteAsync(HttpListenerResponse response, FakeReply reply)
    {
        var bytes = Encoding.UTF8.GetBytes(reply.Body);
        response.StatusCode = reply.Status;
        response.ContentType = "application/json";
        response.ContentLength64 = bytes.Length;
        if (reply.RetryAfter is { } value)
        {
            response.AddHeader("Retry-After", value);
        }
        if (reply.IsCut || reply.IsStalled)
        {
            await response.OutputStream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await response.OutputStream.FlushAsync();
            if (reply.IsStalled)
            {
                await Task.Delay(Timeout.Infinite, _end.Token);
            }
            response.Abort();
            return;
        }
        await response.OutputStream.WriteAsync(bytes);
        response.Close();
    }

    private void InterlockedMaximum(int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref _mostOpen)) < value && Interlocked.CompareExchange(ref _mostOpen, value, seen) != seen)
        {
        }
    }
}
