using System.CommandLine;
using System.CommandLine.Parsing;
using RlhfSharp.Experiments.Endpoints;

namespace RlhfSharp.Cli;

/// <summary>The options that name a language model behind an endpoint and say how to treat it.</summary>
internal sealed class EndpointArguments
{
    private readonly Option<string?> _url = new("--endpoint")
    {
        Description = "A language model to ask: the address of an OpenAI-compatible server, for instance http://localhost:8000/v1.",
        HelpName = "URL",
    };

    private readonly Option<string?> _model = new("--endpoint-model") { Description = "The model's name on that server." };
    private readonly Option<string?> _keyVariable = new("--api-key-variable")
    {
        Description = "The environment variable that holds the key; OPENAI_API_KEY unless given.",
        HelpName = "NAME",
    };

    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Requests under way at a time; 4 unless given." };
    private readonly Option<int?> _perMinute = new("--requests-per-minute") { Description = "The largest number of requests per minute; 0, no limit, unless given." };
    private readonly Option<double?> _timeout = new("--timeout") { Description = "Seconds that an answer may take; 120 unless given." };
    private readonly Option<int?> _retries = new("--max-retries") { Description = "How often a request is repeated after a failure that may pass; 6 unless given." };
    private readonly Option<double?> _inputPrice = new("--input-price") { Description = "What a million tokens of requests cost, for the bill; 0 unless given." };
    private readonly Option<double?> _outputPrice = new("--output-price") { Description = "What a million tokens of answers cost; 0 unless given." };
    private readonly Option<double?> _temperature = new("--temperature") { Description = "The sampling temperature; 1 unless given." };
    private readonly Option<int?> _tokens = new("--max-tokens") { Description = "The longest answer; 2048 unless given." };

    public EndpointArguments()
    {
        _concurrency.Between(1, 256);
        _perMinute.Between(0, 1_000_000);
        _timeout.Between(0.05, 3600);
        _retries.Between(0, 100);
        _inputPrice.Between(0.0, 1_000_000.0);
        _outputPrice.Between(0.0, 1_000_000.0);
        _temperature.Between(0.0, 2.0);
        _tokens.Between(1, 1_000_000);
    }

    /// <summary>Gets those that name the model and say how fast to ask.</summary>
    public IEnumerable<Option> Connection => [_url, _model, .. Details];

    /// <summary>Gets those that say how it answers.</summary>
    public IEnumerable<Option> Sampling => [_temperature, _tokens];

    private IEnumerable<Option> Details => [_keyVariable, _concurrency, _perMinute, _timeout, _retries, _inputPrice, _outputPrice];

    /// <summary>Tells whether an endpoint is named.</summary>
    public bool IsGiven(CommandResult result) => result.GetValue(_url) is not null || result.GetValue(_model) is not null;

    /// <summary>Reports a model without an address, an address without a model, and options that say nothing without either.</summary>
    public void RequireWhole(CommandResult result, params IEnumerable<Option> others)
    {
        var (url, model) = (result.GetValue(_url), result.GetValue(_model));
        if (url is null != model is null)
        {
            result.AddError($"--endpoint and --endpoint-model belong together; {(url is null ? _url.Name : _model.Name)} is missing.");
        }
        else if (url is null && Details.Concat(others).FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } idle)
        {
            result.AddError($"{idle.Name} is about a language model's answers; name one by --endpoint and --endpoint-model.");
        }
    }

    /// <summary>Changes which model is asked, and how fast, by the options that were given.</summary>
    /// <param name="context">The command line.</param>
    /// <param name="before">The settings; null if there is no endpoint yet.</param>
    public EndpointOptions? Change(CommandContext context, EndpointOptions? before)
    {
        if ((context.Value(_url) ?? before?.Url, context.Value(_model) ?? before?.Model) is not ({ } url, { } model))
        {
            return before;
        }
        var settings = before ?? new EndpointOptions { Url = url, Model = model };
        return settings with
        {
            Url = url,
            Model = model,
            ApiKeyVariable = context.Value(_keyVariable) ?? settings.ApiKeyVariable,
            Concurrency = context.Value(_concurrency) ?? settings.Concurrency,
            RequestsPerMinute = context.Value(_perMinute) ?? settings.RequestsPerMinute,
            TimeoutSeconds = context.Value(_timeout) ?? settings.TimeoutSeconds,
            MaxRetries = context.Value(_retries) ?? settings.MaxRetries,
            InputPrice = context.Value(_inputPrice) ?? settings.InputPrice,
            OutputPrice = context.Value(_outputPrice) ?? settings.OutputPrice,
        };
    }

    /// <summary>Changes how the model answers by the options that were given.</summary>
    public EndpointOptions ChangeSampling(CommandContext context, EndpointOptions before) => before with
    {
        Temperature = context.Value(_temperature) ?? before.Temperature,
        MaxTokens = context.Value(_tokens) ?? before.MaxTokens,
    };
}
