using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Attention of one new token per row over the cache.</summary>
internal sealed class DecodingAttention(KeyValueCache cache, Tensor positions) : IAttention
{
    public Tensor Positions => positions;

    public Tensor Lengths => positions + 1;

    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null, int? window = null) =>
        cache.Attend(layer, query, key, value, scale, window);
}
