using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Divides all scores by a temperature: below 1 sharpens, above 1 flattens the distribution.</summary>
/// <param name="temperature">Greater than 0.</param>
public sealed class TemperatureProcessor(double temperature) : ILogitsProcessor
{
    /// <inheritdoc/>
    public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens) => scores / temperature;
}
