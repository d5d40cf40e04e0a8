using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Which of DeBERTa's relative positions belongs to each query and key: near ones have their own, far ones share logarithmic buckets.</summary>
internal sealed class RelativeDistances
{
    private readonly Tensor _forward;    // row span + d for query - key = d
    private readonly Tensor _backward;   // row span - d

    private RelativeDistances(Tensor forward, Tensor backward) => (_forward, _backward) = (forward, backward);

    /// <summary>Lays out the distances within sequences of up to some length; null when the model has none.</summary>
    public static RelativeDistances? Of(DebertaV2Config config, int longest, Device device)
    {
        if (!config.HasRelativePositions)
        {
            return null;
        }
        var places = arange(longest, dtype: ScalarType.Int64, device: device);
        var distances = Buckets(places.unsqueeze(1) - places.unsqueeze(0), config.BucketCount, config.LargestDistance);
        return new RelativeDistances(Row(distances, config.Span), Row(-distances, config.Span));
    }

    /// <summary>Puts distances into buckets: up to half the number of buckets each has its own, further ones share them by their logarithm.</summary>
    /// <param name="distances">Whole numbers, any shape.</param>
    /// <param name="buckets">The number of buckets on either side; up to 0 for none.</param>
    /// <param name="largest">The distance that falls into the last bucket.</param>
    /// <returns>Whole numbers of that shape and the same signs.</returns>
    public static Tensor Buckets(Tensor distances, int buckets, int largest)
    {
        if (buckets <= 0)
        {
            return distances;
        }
        var middle = buckets / 2;
        var far = distances.abs().clamp_min(middle).to(ScalarType.Float32);
        // In single precision, as the peer computes it: whole results must not fall on the other side of the rounding.
        var logarithm = (far / middle).log() / full([1], (largest - 1.0) / middle, ScalarType.Float32, distances.device).log() * (middle - 1);
        var bucket = logarithm.ceil().to(ScalarType.Int64) + middle;
        return where(distances.abs().less_equal(middle), distances, bucket * distances.sign());
    }

    /// <summary>Picks each query's product with the relative position of each key.</summary>
    /// <param name="products"><c>[rows, heads, queries, 2 · span]</c>.</param>
    /// <param name="longest">The number of queries and of keys.</param>
    /// <returns><c>[rows, heads, queries, keys]</c>.</returns>
    public Tensor AlongKeys(Tensor products, int longest) => Pick(products, _forward, longest);

    /// <summary>Picks each key's product with the relative position of each query.</summary>
    /// <param name="products"><c>[rows, heads, keys, 2 · span]</c>.</param>
    /// <param name="longest">The number of queries and of keys.</param>
    /// <returns><c>[rows, heads, queries, keys]</c>.</returns>
    public Tensor AlongQueries(Tensor products, int longest) => Pick(products, _backward, longest).transpose(2, 3);

    private static Tensor Row(Tensor distances, int span) => (distances + span).clamp(0, 2 * span - 1);

    private static Tensor Pick(Tensor products, Tensor rows, int longest) =>
        products.gather(3, rows.narrow(0, 0, longest).narrow(1, 0, longest).expand(products.size(0), products.size(1), longest, longest));
}
