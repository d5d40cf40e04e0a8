using System.Text.Json;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>Every classifier among the fixtures, here or under RLHFSHARP_FIXTURES, against the peer's own numbers.</summary>
[NoTensorLeak]
public sealed class ClassifierParityTests
{
    private const double ScoreTolerance = 1e-4;

    public static TheoryData<string, string, string> Batches()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (name, directory) in ModelFixture.Classifiers())
        {
            foreach (var batch in new[] { "nopad", "right_pad", "left_pad", "long300" }.Where(batch => ModelFixture.Open(directory).Expected.TryGetProperty(batch, out _)))
            {
                data.Add(name, directory, batch);
            }
        }
        return data;
    }

    public static TheoryData<string, string> Models() => ModelsWith(_ => true);

    public static TheoryData<string, string> ModelsWithGradients() => ModelsWith(expected => expected.TryGetProperty("sum_logits_grad_norms", out _));

    public static TheoryData<string, string> ModelsWithHiddenStates() => ModelsWith(expected => expected.GetProperty("nopad").TryGetProperty("last_hidden_state", out _));

    private static TheoryData<string, string> ModelsWith(Func<JsonElement, bool> isGiven)
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, directory) in ModelFixture.Classifiers().Where(fixture => isGiven(ModelFixture.Open(fixture.Directory).Expected)))
        {
            data.Add(name, directory);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Scores_PaddedBatch_EqualPeer(string name, string directory, string batch)
    {
        var fixture = OpenOrSkip(name, directory);
        var expected = fixture.Expected.GetProperty(batch);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = fixture.LoadClassifier();

        var scores = model.Scores([.. MaskedRows.Of(expected).Select(row => row.Tokens)]);

        Close(Expected(expected), scores);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Scores_OneRowAtATime_AsInABatch(string name, string directory)
    {
        var fixture = OpenOrSkip(name, directory);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = fixture.LoadClassifier();
        int[][] rows = [[5], [6, 7, 8, 9, 10, 11, 12], [13, 14], [15, 16, 17, 18]];

        var together = model.Scores(rows);

        foreach (var (index, row) in rows.Index())
        {
            Close(model.Scores([row]).data<float>().Select(value => (double)value), together.narrow(0, index, 1));
        }
    }

    [Theory]
    [MemberData(nameof(ModelsWithGradients))]
    public void Backward_SumOfScores_EqualsPeer(string name, string directory)
    {
        var fixture = OpenOrSkip(name, directory);
        var norms = fixture.Expected.GetProperty("sum_logits_grad_norms");
        using var scope = NewDisposeScope();
        using var model = fixture.LoadClassifier();

        model.Scores([.. MaskedRows.Of(fixture.Expected.GetProperty("nopad")).Select(row => row.Tokens)]).sum().backward();

        Assert.NotEmpty(norms.EnumerateObject());
        foreach (var property in norms.EnumerateObject())
        {
            using var gradient = model.Parameters[property.Name].grad!;
            Assert.Equal(1, gradient.norm().ToDouble() / property.Value.GetDouble(), 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(ModelsWithHiddenStates))]
    public void HiddenStates_WhereGiven_EqualPeer(string name, string directory)
    {
        var fixture = OpenOrSkip(name, directory);
        var expected = fixture.Expected.GetProperty("nopad");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = fixture.LoadClassifier();

        var hidden = model.HiddenStates([.. MaskedRows.Of(expected).Select(row => row.Tokens)]);

        Close(Numbers(expected.GetProperty("last_hidden_state")), hidden);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Save_ThenLoad_IsTheIdentity(string name, string directory)
    {
        var fixture = OpenOrSkip(name, directory);
        using var folder = TestFiles.NewFolder();
        using var model = fixture.LoadClassifier();

        Checkpoint.Save(model, folder.Path);

        using var scope = NewDisposeScope();
        using var again = Checkpoint.LoadClassifier(folder.Path, ScalarType.Float32, CPU);
        Assert.Equal(model.Parameters.Names, again.Parameters.Names);
        Assert.All(model.Parameters.Tensors, pair => Assert.True(pair.Value.bytes.SequenceEqual(again.Parameters[pair.Key].bytes), pair.Key));
    }

    [Fact]
    public void Buckets_AllDistances_EqualPeer()
    {
        var table = ModelFixture.Named("deberta_v3").Expected.GetProperty("log_bucket_position");
        using var scope = NewDisposeScope();
        var distances = arange(table.GetProperty("relative_from").GetInt64(), table.GetProperty("relative_to").GetInt64() + 1);

        var buckets = RelativeDistances.Buckets(distances, table.GetProperty("bucket_size").GetInt32(), table.GetProperty("max_position").GetInt32());

        Assert.Equal(table.GetProperty("bucket").EnumerateArray().Select(value => value.GetInt64()), buckets.data<long>());
    }

    private static void Close(IEnumerable<double> wanted, Tensor actual) =>
        Assert.All(wanted.Zip(actual.contiguous().data<float>(), (one, other) => (one, other)), pair => Assert.Equal(pair.one, pair.other, ScoreTolerance));

    // UltraRM's code gives a reward per row, Hugging Face's classifiers a row of scores.
    private static IEnumerable<double> Expected(JsonElement batch) => Numbers(batch.TryGetProperty("reward", out var reward) ? reward : batch.GetProperty("logits"));

    private static IEnumerable<double> Numbers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Numbers) : [value.GetDouble()];

    private static ModelFixture OpenOrSkip(string name, string directory)
    {
        var fixture = ModelFixture.Open(directory);
        Assert.SkipUnless(fixture.Unsupported is null, $"{name}: {fixture.Unsupported}");
        return fixture;
    }
}
