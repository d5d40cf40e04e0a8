using System.Text.Json;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>Every causal fixture found, here or under RLHFSHARP_FIXTURES, against the peer's own numbers. A new fixture needs no code.</summary>
[NoTensorLeak]
public sealed class FixtureParityTests
{
    private const double LogitTolerance = 1e-4;

    public static TheoryData<string, string, string> Batches()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (name, directory) in ModelFixture.CausalModels())
        {
            foreach (var batch in new[] { "nopad", "right_pad", "left_pad" })
            {
                data.Add(name, directory, batch);
            }
        }
        return data;
    }

    public static TheoryData<string, string, string> GreedyRuns()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (name, directory) in ModelFixture.CausalModels())
        {
            data.Add(name, directory, "greedy_nopad");
            data.Add(name, directory, "greedy_left_pad");
        }
        return data;
    }

    public static TheoryData<string, string> Models()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, directory) in ModelFixture.CausalModels())
        {
            data.Add(name, directory);
        }
        return data;
    }

    [Fact]
    public void Fixtures_EveryRegisteredArchitecture_HasOne()
    {
        var covered = ModelFixture.CausalModels().Concat(ModelFixture.Classifiers()).Select(fixture => ModelFixture.Open(fixture.Directory).ModelType).Append(ScalarLlamaTests.OnlyHere).ToHashSet();
        Assert.Superset(ArchitectureRegistry.ModelTypes.ToHashSet(), covered);
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Logits_PaddedBatch_EqualPeer(string name, string directory, string batch)
    {
        var fixture = OpenOrSkip(name, directory);
        var expected = Require(fixture, batch);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = fixture.LoadModel();
        var rows = MaskedRows.Of(expected);

        var logits = model.Logits(model.HiddenStates([.. rows.Select(row => row.Tokens)]));

        var next = 0;
        foreach (var (row, positions) in rows.Select((row, index) => (index, row.Positions)))
        {
            foreach (var position in positions)
            {
                var wanted = expected.GetProperty("logits")[row][position].EnumerateArray().Select(value => value.GetDouble()).ToArray();
                var actual = logits[next++].data<float>().ToArray();
                Assert.All(wanted.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, LogitTolerance));
            }
        }
    }

    [Theory]
    [MemberData(nameof(GreedyRuns))]
    public void Generate_Greedy_EqualsPeer(string name, string directory, string run)
    {
        var fixture = OpenOrSkip(name, directory);
        var expected = Require(fixture, run);
        using var model = fixture.LoadModel();
        var wanted = expected.GetProperty("new_tokens").EnumerateArray().Select(MaskedRows.Integers).ToList();

        var samples = new TextGenerator(model, endTokens: []).Generate(
            [.. MaskedRows.Of(expected).Select(row => row.Tokens)], 1, new GenerationOptions { Temperature = 0, MaxNewTokens = wanted[0].Length }, seed: 0);

        Assert.Equal(wanted, samples.Select(sample => sample.Tokens));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Backward_LanguageModelLoss_EqualsPeer(string name, string directory)
    {
        var fixture = OpenOrSkip(name, directory);
        var rows = MaskedRows.Of(Require(fixture, "nopad")).ConvertAll(row => row.Tokens);
        using var scope = NewDisposeScope();
        using var model = fixture.LoadModel();
        var length = rows[0].Length;

        var logits = model.Logits(model.HiddenStates(rows)).view(rows.Count, length, -1).narrow(1, 0, length - 1).reshape(rows.Count * (length - 1), -1);
        var targets = tensor(rows.SelectMany(row => row.Skip(1)).Select(id => (long)id).ToArray());
        var loss = nn.functional.cross_entropy(logits, targets);
        loss.backward();

        Assert.Equal(fixture.Expected.GetProperty("lm_loss_nopad").GetDouble(), loss.ToDouble(), 1e-5);
        foreach (var property in fixture.Expected.GetProperty("lm_loss_grad_norms").EnumerateObject())
        {
            var norm = model.Parameters[property.Name].grad!.norm().ToDouble();
            Assert.Equal(1, norm / property.Value.GetDouble(), 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Save_ThenLoad_IsTheIdentity(string name, string directory)
    {
        var fixture = OpenOrSkip(name, directory);
        using var folder = TestFiles.NewFolder();
        using var model = fixture.LoadModel();

        Checkpoint.Save(model, folder.Path);

        using var scope = NewDisposeScope();
        using var again = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);
        Assert.Equal(model.Parameters.Names, again.Parameters.Names);
        Assert.All(model.Parameters.Tensors, pair => Assert.True(pair.Value.bytes.SequenceEqual(again.Parameters[pair.Key].bytes), pair.Key));
    }

    private static ModelFixture OpenOrSkip(string name, string directory)
    {
        var fixture = ModelFixture.Open(directory);
        Assert.SkipUnless(fixture.Unsupported is null, $"{name}: {fixture.Unsupported}");
        return fixture;
    }

    private static JsonElement Require(ModelFixture fixture, string part)
    {
        Assert.SkipUnless(fixture.Expected.TryGetProperty(part, out var expected), $"{fixture.Name} has no '{part}'");
        return expected;
    }
}
