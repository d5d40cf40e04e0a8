using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Which reward model is asked over HTTP, and how fast.</summary>
public sealed record RewardEndpointOptions
{
    /// <summary>Gets the server's address, without the path that its kind adds.</summary>
    /// <value>An http or https address, for instance <c>http://localhost:8000</c>.</value>
    public required string Url { get; init; }

    /// <summary>Gets what the server understands.</summary>
    public required RewardEndpointKind Kind { get; init; }

    /// <summary>Gets the model's name, as the server knows it; vLLM wants one, the others have one model only.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the name of the environment variable that holds the key. The key itself is never written anywhere.</summary>
    /// <value>The default is OPENAI_API_KEY; where the variable is not set no key is sent.</value>
    [Required]
    public string ApiKeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>Gets the number of answers in a request.</summary>
    /// <value>From 1 to 1024. The default is 16.</value>
    [Range(1, 1024)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Gets the largest number of requests under way at a time.</summary>
    /// <value>From 1 to 256. The default is 4.</value>
    [Range(1, 256)]
    public int Concurrency { get; init; } = 4;

    /// <summary>Gets how often a request is repeated after a failure that may pass.</summary>
    /// <value>From 0 to 100. The default is 6.</value>
    [Range(0, 100)]
    public int MaxRetries { get; init; } = 6;

    /// <summary>Gets how long an answer may take.</summary>
    /// <value>In seconds, from 0.05 to 3600. The default is 120.</value>
    [Range(0.05, 3600.0)]
    public double TimeoutSeconds { get; init; } = 120;

    /// <summary>Checks everything that can be checked without asking the server.</summary>
    /// <returns>The address that is asked.</returns>
    /// <exception cref="InputException">A setting is out of its range; names all that are.</exception>
    internal Uri Check()
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), problems, validateAllProperties: true);
        var messages = problems.Select(problem => problem.ErrorMessage!).ToList();
        if (Kind is RewardEndpointKind.VllmPooling or RewardEndpointKind.VllmClassify && string.IsNullOrWhiteSpace(Model))
        {
            messages.Add("vLLM wants the name of the model.");
        }
        var path = RewardProtocol.Of(Kind).Path;
        var address = Url.TrimEnd('/');
        const string ChatAddress = "/v1";   // below which vLLM's chat lies, and its reward models do not
        address = address.EndsWith(ChatAddress, StringComparison.Ordinal) ? address[..^ChatAddress.Length] : address;
        if (!Uri.TryCreate(address.EndsWith(path, StringComparison.Ordinal) ? address : address + path, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            messages.Add($"'{Url}' is no http or https address. Give one such as http://localhost:8000.");
        }
        return messages.Count == 0 ? uri! : throw new InputException($"The reward endpoint cannot be used: {string.Join(' ', messages)}");
    }
}
