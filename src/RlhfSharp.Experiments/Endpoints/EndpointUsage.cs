namespace RlhfSharp.Experiments.Endpoints;

/// <summary>What the answers cost.</summary>
/// <param name="Requests">Number of answers, recorded ones included.</param>
/// <param name="Asked">Number of answers that the server gave just now.</param>
/// <param name="InputTokens">Tokens of all requests, recorded ones included.</param>
/// <param name="OutputTokens">Tokens of all answers, recorded ones included.</param>
public readonly record struct EndpointUsage(long Requests, long Asked, long InputTokens, long OutputTokens)
{
    private const double TokensPerPrice = 1e6;

    /// <summary>Computes the bill, recorded answers included: they were paid for once.</summary>
    /// <param name="options">What tokens cost.</param>
    /// <returns>The sum, in the currency of the prices. Attempts that brought no answer are not in it: no server says what they cost.</returns>
    public double Cost(EndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (InputTokens * options.InputPrice + OutputTokens * options.OutputPrice) / TokensPerPrice;
    }

    /// <summary>Counts one more answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The new sums.</returns>
    internal EndpointUsage Plus(EndpointAnswer answer) =>
        new(Requests + 1, Asked + (answer.IsRecorded ? 0 : 1), InputTokens + answer.InputTokens, OutputTokens + answer.OutputTokens);
}
