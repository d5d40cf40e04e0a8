namespace RlhfSharp.Models.Architectures;

/// <summary>What a configuration says about one parameter, before any tensor exists.</summary>
/// <param name="Name">The name Hugging Face's code gives it.</param>
/// <param name="Shape">Its shape as stored.</param>
/// <param name="Initialization">How it starts in a new model.</param>
/// <param name="Layer">The block it belongs to, from 0; null for embeddings, the final norm and the output layer. Freezing goes by it.</param>
public sealed record ParameterSpec(string Name, long[] Shape, Initialization Initialization, int? Layer = null)
{
    /// <summary>Gets the number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
