using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>A chat client with the connection that belongs to it.</summary>
internal sealed class ConnectedChatClient : DelegatingChatClient
{
    private const string NoKey = "none";   // the client insists on one; servers without keys ignore it

    private readonly HttpClient _connection;

    private ConnectedChatClient(IChatClient client, HttpClient connection)
        : base(client) => _connection = connection;

    /// <summary>Connects to a server. The library neither repeats requests nor limits their time: that is done in one place, by us.</summary>
    /// <param name="options">Which model.</param>
    /// <param name="address">Its address, checked.</param>
    public static ConnectedChatClient Open(EndpointOptions options, Uri address)
    {
        // A proxy cannot reach this machine's own servers.
        var connection = new HttpClient(new SocketsHttpHandler { UseProxy = !address.IsLoopback }) { Timeout = Timeout.InfiniteTimeSpan };
        var settings = new OpenAIClientOptions
        {
            Endpoint = address,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(connection),
        };
        var key = new ApiKeyCredential(Key(options) ?? NoKey);
        return new ConnectedChatClient(new ChatClient(options.Model, key, settings).AsIChatClient(), connection);
    }

    /// <summary>Reads the key; null if there is none.</summary>
    public static string? Key(EndpointOptions options) =>
        Environment.GetEnvironmentVariable(options.ApiKeyVariable)?.Trim() is { Length: > 0 } key ? key : null;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _connection.Dispose();
        }
    }
}
