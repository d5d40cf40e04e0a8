using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes texts: a model here, or one behind an endpoint.</summary>
public interface ITextWriter : IDisposable
{
    /// <summary>Writes one text per request.</summary>
    /// <param name="requests">What is asked for.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The texts, in the order of the requests; may be empty ones.</returns>
    /// <exception cref="InputException">A request cannot be carried out.</exception>
    Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<WriteRequest> requests, CancellationToken cancellationToken);
}
