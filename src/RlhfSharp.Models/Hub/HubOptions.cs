namespace RlhfSharp.Models.Hub;

/// <summary>Where models come from and where they are kept. The defaults are those of Hugging Face's own client, environment variables included.</summary>
public sealed record HubOptions
{
    /// <summary>Gets the Hub's address.</summary>
    /// <value>The default is <c>HF_ENDPOINT</c>, or https://huggingface.co.</value>
    public Uri Endpoint { get; init; } = new(Variable("HF_ENDPOINT") ?? "https://huggingface.co");

    /// <summary>Gets the token that private and gated models ask for. It is sent to the Hub alone, never to where it redirects, and never written anywhere.</summary>
    /// <value>The default is <c>HF_TOKEN</c>; null sends none.</value>
    public string? Token { get; init; } = Variable("HF_TOKEN");

    /// <summary>Gets the cache's folder.</summary>
    /// <value>The default is <c>HF_HUB_CACHE</c>, or <c>hub</c> in <c>HF_HOME</c>, or <c>~/.cache/huggingface/hub</c>.</value>
    public string CacheDirectory { get; init; } = Variable("HF_HUB_CACHE") ?? Path.Combine(
        Variable("HF_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface"), "hub");

    /// <summary>Gets whether nothing may be asked over the network.</summary>
    /// <value>The default is whether <c>HF_HUB_OFFLINE</c> is set to 1 or true.</value>
    public bool IsOffline { get; init; } = Variable("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON";

    /// <summary>Gets how many files are fetched at a time.</summary>
    /// <value>From 1 up. The default is 4.</value>
    public int Concurrency { get; init; } = 4;

    /// <summary>Gets how often a request is repeated after a failure that may pass.</summary>
    /// <value>From 0 up. The default is 6, which with back-off is about a minute.</value>
    public int MaxRetries { get; init; } = 6;

    /// <summary>Gets how long nothing may arrive before a connection counts as broken.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
