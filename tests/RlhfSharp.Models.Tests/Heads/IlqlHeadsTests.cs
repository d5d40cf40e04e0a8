using System.Text.Json;
using RlhfSharp.Models.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Heads;

[NoTensorLeak]
public sealed class IlqlHeadsTests
{
    private const int Hidden = 4;
    private const int Vocabulary = 7;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_NewHeads_TargetsEqualQ(bool twoQs)
    {
        using var scope = NewDisposeScope();
        using var heads = Create(twoQs);

        Assert.Equal((twoQs ? 2 : 1, twoQs ? 2 : 1), (heads.Q.Count, heads.TargetQ.Count));
        Assert.Equal(0, heads.TargetDistance());
        Assert.All(heads.Q.Zip(heads.TargetQ), pair => Assert.True(pair.First.OutputWeight.bytes.SequenceEqual(pair.Second.OutputWeight.bytes)));
        if (twoQs)
        {
            Assert.False(heads.Q[0].OutputWeight.bytes.SequenceEqual(heads.Q[1].OutputWeight.bytes));   // two Q that start alike would stay alike
        }
    }

    [Fact]
    public void FrozenNames_AreTheTargetsAndNothingElse()
    {
        using var heads = Create(twoQs: true);
        Assert.Equal(8, heads.FrozenNames.Count());
        Assert.All(heads.Parameters.Tensors, pair =>
            Assert.Equal(!pair.Key.Contains("target_q_heads", StringComparison.Ordinal), pair.Value.requires_grad));
        Assert.Equal(heads.FrozenNames, heads.Parameters.Names.Where(name => name.Contains("target_q_heads", StringComparison.Ordinal)));
    }

    [Fact]
    public void SynchronizeTargets_TrlxsNumbers_EqualTrlx()
    {
        using var fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "losses", "trlx_ilql_loss.json")));
        var golden = fixture.RootElement.GetProperty("target_sync");
        float[] Read(string name) => [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
        using var scope = NewDisposeScope();
        using var heads = Create(twoQs: true);
        Set(heads, "ilql_heads.q_heads.0.0.bias", Read("q_heads.0.0.bias"));
        Set(heads, "ilql_heads.target_q_heads.0.0.bias", Read("target_before"));
        var online = heads.Parameters["ilql_heads.q_heads.0.0.bias"].clone();

        heads.SynchronizeTargets(golden.GetProperty("alpha").GetDouble());

        Assert.All(
            Read("target_after").Zip(heads.Parameters["ilql_heads.target_q_heads.0.0.bias"].data<float>().ToArray()), pair =>
                Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.True(online.equal(heads.Parameters["ilql_heads.q_heads.0.0.bias"]).all().ToBoolean());
    }

    [Fact]
    public void SynchronizeTargets_AlphaZeroAndOne_StayAndCopy()
    {
        using var scope = NewDisposeScope();
        using var heads = Create(twoQs: true);
        ShiftQ(heads, 1);
        var distance = heads.TargetDistance();

        heads.SynchronizeTargets(0);
        Assert.Equal(distance, heads.TargetDistance());
        heads.SynchronizeTargets(1);
        Assert.Equal(0, heads.TargetDistance());
    }

    // Q is 3 everywhere and its target 2: ‖target − Q‖ / ‖Q‖ = 1/3; half way it is 1/6.
    [Fact]
    public void TargetDistance_ConstantHeads_IsTheRelativeDistance()
    {
        using var heads = Create(twoQs: true);
        foreach (var (name, _) in heads.Parameters.Tensors.ToList())
        {
            Fill(heads, name, name.Contains("target", StringComparison.Ordinal) ? 2 : 3);
        }

        Assert.Equal(1 / 3.0, heads.TargetDistance(), 1e-6);
        heads.SynchronizeTargets(0.5);
        Assert.Equal(1 / 6.0, heads.TargetDistance(), 1e-6);
    }

    // W₁ = b₁ = 1 and h of four ones: eight features of 5 each. W₂ = c gives 40·c + b₂.
    [Fact]
    public void Advantages_ConstantHeads_AreTheSmallerTargetMinusV()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var heads = Create(twoQs: true);
        foreach (var (name, _) in heads.Parameters.Tensors.ToList())
        {
            Fill(heads, name, 1);
        }
        Fill(heads, "ilql_heads.target_q_heads.0.2.weight", 0.5);    // 20 + 1
        Fill(heads, "ilql_heads.target_q_heads.1.2.weight", 0.25);   // 10 + 1, the smaller
        Fill(heads, "ilql_heads.v_head.2.weight", 0.1);              // 4 + 1

        var advantages = heads.Advantages(ones(2, Hidden));

        Assert.Equal([2, Vocabulary], advantages.shape);
        Assert.All(advantages.data<float>().ToArray(), value => Assert.Equal(6, value, 1e-5));
        Assert.Equal(45, heads.Q[0].Forward(ones(1, Hidden)).data<float>()[3] + 4, 1e-5);   // the online Q, 41, is not consulted
    }

    // The random first layer is shrunk to a tenth: what is left of it moves the scores by less than they differ among themselves.
    [Fact]
    public void StartFrom_ALanguageModel_QRanksTokensAsTheModelDoes()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var heads = Create(twoQs: true);
        var outputWeight = randn([Vocabulary, Hidden], generator: new Generator(1));
        var hidden = randn([50, Hidden], generator: new Generator(2));
        heads.StartFrom(outputWeight);

        var logits = nn.functional.linear(hidden, outputWeight);
        var (first, second) = (heads.Q[0].Forward(hidden), heads.Q[1].Forward(hidden));

        Assert.True((first - 0.05 * logits).norm().ToDouble() < 0.2 * (0.05 * logits).norm().ToDouble());
        Assert.True((first - second).abs().max().ToDouble() > 1e-4);
        Assert.Equal(0, heads.TargetDistance());
    }

    private static IlqlHeads Create(bool twoQs) => IlqlHeads.Create(Hidden, Vocabulary, twoQs, seed: 3, ScalarType.Float32, CPU);

    private static void ShiftQ(IlqlHeads heads, double by)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in heads.Parameters.Tensors.Where(pair => pair.Key.StartsWith("ilql_heads.q_heads", StringComparison.Ordinal)))
        {
            parameter.add_(by);
        }
    }

    private static void Fill(IlqlHeads heads, string name, double value)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        heads.Parameters[name].fill_(value);
    }

    private static void Set(IlqlHeads heads, string name, float[] values)
    {
        using var noGrad = no_grad();
        heads.Parameters[name].copy_(tensor(values));
    }
}
