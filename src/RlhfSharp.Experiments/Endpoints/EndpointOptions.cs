using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Which language model is asked over HTTP, and how fast. Any server that speaks OpenAI's chat completions will do.</summary>
public sealed record EndpointOptions
{
    /// <summary>Gets the address below which <c>/chat/completions</c> lies.</summary>
    /// <value>An http or https address, for instance <c>http://localhost:8000/v1</c>.</value>
    public required string Url { get; init; }

    /// <summary>Gets the model's name, as the server knows it.</summary>
    [Required]
    public required string Model { get; init; }

    /// <summary>Gets the name of the environment variable that holds the key. The key itself is never written anywhere.</summary>
    /// <value>The default is OPENAI_API_KEY; where the variable is not set, as for most local servers, no key worth the name is sent.</value>
    [Required]
    public string ApiKeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>Gets the largest number of requests that wait for an answer at the same time.</summary>
    /// <value>From 1 to 256. The default is 4.</value>
    [Range(1, 256)]
    public int Concurrency { get; init; } = 4;

    /// <summary>Gets the largest number of requests that begin in a minute, evenly spaced; repeated attempts count.</summary>
    /// <value>From 0 up; 0, the default, means no limit.</value>
    [Range(0, 1_000_000)]
    public int RequestsPerMinute { get; init; }

    /// <summary>Gets how often a request is repeated after a failure that may pass: 408, 425, 429, 5xx, no answer in time, a broken connection.</summary>
    /// <value>From 0 to 100. The default is 6, which with back-off is about a minute.</value>
    [Range(0, 100)]
    public int MaxRetries { get; init; } = 6;

    /// <summary>Gets how long an answer may take, from the first byte sent to the last one received.</summary>
    /// <value>In seconds, from 0.05 to 3600. The default is 120.</value>
    [Range(0.05, 3600.0)]
    public double TimeoutSeconds { get; init; } = 120;

    /// <summary>Gets the sampling temperature.</summary>
    /// <value>From 0 to 2. The default is 1: the data shall be varied.</value>
    [Range(0.0, 2.0)]
    public double Temperature { get; init; } = 1;

    /// <summary>Gets the longest answer.</summary>
    /// <value>In tokens, from 1 up. The default is 2048: a list of 20 pairs with their other names, or a dialogue of 8 turns, with room to ramble.</value>
    [Range(1, 1_000_000)]
    public int MaxTokens { get; init; } = 2048;

    /// <summary>Gets what a million tokens of requests cost, in whatever currency the bill has.</summary>
    /// <value>From 0 to 1,000,000. The default is 0: nothing, as on one's own machine.</value>
    [Range(0.0, 1_000_000.0)]
    public double InputPrice { get; init; }

    /// <summary>Gets what a million tokens of answers cost.</summary>
    /// <value>See <see cref="InputPrice"/>.</value>
    [Range(0.0, 1_000_000.0)]
    public double OutputPrice { get; init; }

    /// <summary>Checks everything that can be checked without asking the server.</summary>
    /// <returns>The address, without what the client adds to it.</returns>
    /// <exception cref="InputException">A setting is out of its range; names all that are.</exception>
    internal Uri Check()
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), problems, validateAllProperties: true);
        var messages = problems.Select(problem => problem.ErrorMessage!).ToList();
        var address = Url.TrimEnd('/');
        const string Added = "/chat/completions";
        address = address.EndsWith(Added, StringComparison.Ordinal) ? address[..^Added.Length] : address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            messages.Add($"'{Url}' is no http or https address. Give one such as http://localhost:8000/v1.");
        }
        return messages.Count == 0 ? uri! : throw new InputException($"The endpoint cannot be used: {string.Join(' ', messages)}");
    }
}
