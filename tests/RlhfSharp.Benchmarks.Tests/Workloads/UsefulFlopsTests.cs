using RlhfSharp.Benchmarks.Workloads;

namespace RlhfSharp.Benchmarks.Tests.Workloads;

public class UsefulFlopsTests
{
    private static readonly ModelShape Shape = new(Layers: 1, Hidden: 2, AttentionHeads: 1, Vocabulary: 3, Positions: 8);

    [Fact]
    public void Backbone_TwoTokens_CountsProductsAndPairs()
    {
        // Weights of a block: 12 · 2² = 48 multiplications and as many additions for each of 2 tokens. Pairs that see each other: 1 + 2; each costs
        // 2 products of width 2, that is 8 operations.
        Assert.Equal(2 * 96 + 3 * 8, UsefulFlops.Backbone(Shape, 0, 2));
    }

    [Fact]
    public void Backbone_InTwoParts_CountsTheSame() =>
        Assert.Equal(UsefulFlops.Backbone(Shape, 0, 7), UsefulFlops.Backbone(Shape, 0, 4) + UsefulFlops.Backbone(Shape, 4, 3));

    [Fact]
    public void Head_OfWidthTwo_CountsBothLayers() => Assert.Equal(2 * (2 * 4 + 4 * 3), UsefulFlops.Head(Shape, outputs: 3));
}
