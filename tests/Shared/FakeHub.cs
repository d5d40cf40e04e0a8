using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RlhfSharp.Tests;

/// <summary>A Hugging Face Hub on this machine with one model, and the place to which it redirects for large files: honest, or not.</summary>
internal sealed class FakeHub : IDisposable
{
    public const string Model = "org/tiny";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly HttpListener _listener = new();
    private readonly string _root;
    private readonly string _otherRoot;
    private readonly Lock _lock = new();
    private readonly List<(string Method, string Path, long From, string? Authorization)> _requests = [];

    private readonly string _model;

    public FakeHub(string model = Model)
    {
        _model = model;
        (_root, _otherRoot) = ($"http://127.0.0.1:{FreePort()}/", $"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(_root);
        _listener.Prefixes.Add(_otherRoot);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address => new(_root);

    /// <summary>Gets the model's files. Those that end with .safetensors lie elsewhere.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Gets or sets the token that is asked for; null asks for none.</summary>
    public string? Token { get; set; }

    /// <summary>Gets or sets after how many bytes of a body the connection ends; null lets all through. Counts down with each request for a body.</summary>
    public (int Bytes, int Times)? Cut { get; set; }

    /// <summary>Gets or sets what is added to the size that is announced.</summary>
    public int SizeLie { get; set; }

    /// <summary>Gets or sets whether ranges are ignored.</summary>
    public bool IgnoresRanges { get; set; }

    /// <summary>Gets or sets how many of the next requests are answered by 503.</summary>
    public int Failures { get; set; }

    /// <summary>Gets or sets what the bytes are changed to on their way.</summary>
    public Func<byte[], byte[]> Corrupt { get; set; } = bytes => bytes;

    public IReadOnlyList<(string Method, string Path, long From, string? Authorization)> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (true)
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
            _ = Task.Run(() =>
            {
                try
                {
                    Answer(context.Request, context.Response);
                    context.Response.Close();
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
                {
                    context.Response.Abort();
                }
            });
        }
    }

    private void Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        var path = request.Url!.AbsolutePath;
        var from = request.Headers["Range"] is { } range ? long.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        lock (_lock)
        {
            _requests.Add((request.HttpMethod, path, from, request.Headers["Authorization"]));
            if (Failures > 0)
            {
                Failures--;
                response.StatusCode = 503;
                response.AddHeader("Retry-After", "0");
                return;
            }
        }
        var isElsewhere = path.StartsWith("/elsewhere/", StringComparison.Ordinal);
        if (Token is not null && !isElsewhere && request.Headers["Authorization"] != $"Bearer {Token}")
        {
            response.StatusCode = 401;
            return;
        }
        if (path.StartsWith($"/api/models/{_model}/revision/", StringComparison.Ordinal))
        {
            response.OutputStream.Write(JsonSerializer.SerializeToUtf8Bytes(new { sha = Commit, siblings = Files.Keys.Select(name => new { rfilename = name }) }));
            return;
        }
        var file = path[(path.LastIndexOf('/') + 1)..];
        if (!Files.TryGetValue(file, out var bytes))
        {
            response.StatusCode = 404;
            return;
        }
        var isLarge = file.EndsWith(".safetensors", StringComparison.Ordinal);
        if (isLarge && !isElsewhere)
        {
            response.StatusCode = 302;
            response.AddHeader("Location", $"{_otherRoot}elsewhere/{file}");
            response.AddHeader("X-Linked-Etag", $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"");
            response.AddHeader("X-Linked-Size", $"{bytes.Length + SizeLie}");
            return;
        }
        response.AddHeader("ETag", $"\"{GitHash(bytes)}\"");
        Send(request, response, Corrupt(bytes), IgnoresRanges ? 0 : from);
    }

    private void Send(HttpListenerRequest request, HttpListenerResponse response, byte[] bytes, long from)
    {
        if (from > 0)
        {
            response.StatusCode = 206;
            response.AddHeader("Content-Range", $"bytes {from}-{bytes.Length - 1}/{bytes.Length}");
        }
        response.ContentLength64 = bytes.Length - from;
        if (request.HttpMethod == "HEAD")
        {
            return;
        }
        bool cuts;
        lock (_lock)
        {
            cuts = Cut is { Times: > 0 };
            Cut = cuts ? (Cut!.Value.Bytes, Cut.Value.Times - 1) : Cut;
        }
        if (cuts && bytes.Length - from > Cut!.Value.Bytes)
        {
            response.OutputStream.Write(bytes, (int)from, Cut.Value.Bytes);
            response.OutputStream.Flush();
            response.Abort();
            return;
        }
        response.OutputStream.Write(bytes, (int)from, bytes.Length - (int)from);
    }

    private static string GitHash(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
}
