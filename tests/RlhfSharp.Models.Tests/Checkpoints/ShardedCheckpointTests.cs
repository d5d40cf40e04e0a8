using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

[NoTensorLeak]
public sealed class ShardedCheckpointTests
{
    private const long ShardBytes = 20_000;

    [Fact]
    public void Save_SmallShards_LoadAsTheSameModel()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("llama").LoadModel();

        Checkpoint.Save(model, folder.Path, shardBytes: ShardBytes);

        var shards = Directory.GetFiles(folder.Path, "*.safetensors").Select(Path.GetFileName).Order().ToList();
        Assert.InRange(shards.Count, 3, 20);
        Assert.Equal($"model-00001-of-{shards.Count:D5}.safetensors", shards[0]);
        var index = SavedFolder.ReadJson(folder.File(Checkpoint.IndexFileName));
        Assert.Equal(model.Parameters.ElementCount * 4, index["metadata"]!["total_size"]!.GetValue<long>());
        Assert.Equal(model.Parameters.Names.Order(StringComparer.Ordinal), index["weight_map"]!.AsObject().Select(entry => entry.Key));
        using var again = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);
        Assert.All(model.Parameters.Tensors, pair => Assert.True(pair.Value.bytes.SequenceEqual(again.Parameters[pair.Key].bytes), pair.Key));
    }

    [Theory]
    [InlineData(null, ShardBytes)]
    [InlineData(ShardBytes, null)]
    [InlineData(ShardBytes, 2 * ShardBytes)]
    public void Save_OverAnEarlierSaveCutOtherwise_LeavesNothingOfIt(long? before, long? after)
    {
        using var folder = TestFiles.NewFolder();
        using var expected = TestFiles.NewFolder();
        using var model = ModelFixture.Named("llama").LoadModel();
        Checkpoint.Save(model, folder.Path, shardBytes: before);
        foreach (var path in new[] { folder.Path, expected.Path })
        {
            File.WriteAllText(Path.Combine(path, "model-card.safetensors.txt"), "somebody else's");
            File.WriteAllText(Path.Combine(path, "model-fp16.safetensors"), "somebody else's");
        }

        Checkpoint.Save(model, folder.Path, shardBytes: after);

        Checkpoint.Save(model, expected.Path, shardBytes: after);
        Assert.Equal(Names(expected.Path), Names(folder.Path));

        static IEnumerable<string?> Names(string path) => Directory.GetFiles(path).Select(Path.GetFileName).Order();
    }

    [Fact]
    public void LoadInto_Shards_FillsTheModel()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("llama").LoadModel();
        Checkpoint.Save(model, folder.Path, shardBytes: ShardBytes);
        using var other = LanguageModel.Create(model.Config, seed: 9, ScalarType.Float32, CPU);

        Checkpoint.LoadInto(other, folder.Path);

        Assert.All(model.Parameters.Tensors, pair => Assert.True(pair.Value.bytes.SequenceEqual(other.Parameters[pair.Key].bytes), pair.Key));
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("[]", "holds no JSON object.")]
    [InlineData("{\"weight_map\": 3}", "has no 'weight_map' of names and files.")]
    [InlineData("{\"weight_map\": {\"a\": \"../model.safetensors\"}}", "'a' lies in '\"../model.safetensors\"', expected the name of a .safetensors file beside the index.")]
    [InlineData("{\"weight_map\": {\"a\": 1}}", "'a' lies in '1', expected the name of a .safetensors file beside the index.")]
    [InlineData("{\"weight_map\": {\"a\": \"gone.safetensors\"}}", "names the shard 'gone.safetensors', which is not there.")]
    [InlineData("{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"x.safetensors\"}}", "is not valid JSON")]
    public void Load_BadIndex_IsNamed(string index, string message)
    {
        using var folder = Sharded();
        File.WriteAllText(folder.File(Checkpoint.IndexFileName), index);

        var exception = Assert.Throws<InputException>(() => Checkpoint.Load(folder.Path, ScalarType.Float32, CPU));

        Assert.Contains(Checkpoint.IndexFileName, exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ShardWithoutATensorOfTheIndex_IsNamed()
    {
        using var folder = Sharded();
        var shards = Directory.GetFiles(folder.Path, "*.safetensors").Order().ToList();
        File.Copy(shards[0], shards[1], overwrite: true);

        var exception = Assert.Throws<InputException>(() => Checkpoint.Load(folder.Path, ScalarType.Float32, CPU));

        Assert.Contains("which 'model.safetensors.index.json' says is there.", exception.Message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Sharded()
    {
        var folder = TestFiles.NewFolder();
        using var model = ModelFixture.Named("llama").LoadModel();
        Checkpoint.Save(model, folder.Path, shardBytes: ShardBytes);
        return folder;
    }
}
