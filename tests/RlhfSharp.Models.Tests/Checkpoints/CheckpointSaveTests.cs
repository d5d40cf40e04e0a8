using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

[NoTensorLeak]
public sealed class CheckpointSaveTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("gpt2_hubnames")]
    [InlineData("llama")]
    public void Save_AnyModel_HasHuggingFacesNamesAndKeys(string fixture)
    {
        using var folder = TestFiles.NewFolder();
        using var model = ModelFixture.Named(fixture).LoadModel();

        Checkpoint.Save(model, folder.Path);

        // Exactly the names that Hugging Face wrote for the same family, tied output layers left out.
        var plain = ModelFixture.Named(fixture.Replace("_hubnames", "", StringComparison.Ordinal)).Folder;
        using var theirs = SafetensorsReader.Open(Path.Combine(plain, Checkpoint.WeightsFileName));
        using var ours = SafetensorsReader.Open(folder.File(Checkpoint.WeightsFileName));
        Assert.Equal(theirs.Entries.Keys.Order(), ours.Entries.Keys.Order());
        Assert.Equal("pt", Header(folder.File(Checkpoint.WeightsFileName))["__metadata__"]!["format"]!.GetValue<string>());
        var config = SavedFolder.ReadJson(folder.File(ConfigFile.FileName));
        Assert.True(JsonNode.DeepEquals(SavedFolder.ReadJson(Path.Combine(ModelFixture.Named(fixture).Folder, ConfigFile.FileName)), config));
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, "bfloat16", "BF16", 1.0 / 256)]
    [InlineData(ScalarType.Float16, "float16", "F16", 1.0 / 2048)]
    [InlineData(ScalarType.Float32, "float32", "F32", 0)]
    public void Save_AsType_LoadsRoundedToIt(ScalarType type, string configName, string headerName, double relativeError)
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ModelFixture.Named("llama").LoadModel();

        Checkpoint.Save(model, folder.Path, type);

        Assert.Equal(configName, SavedFolder.ReadJson(folder.File(ConfigFile.FileName))["torch_dtype"]!.GetValue<string>());
        Assert.Equal(headerName, Header(folder.File(Checkpoint.WeightsFileName))["lm_head.weight"]!["dtype"]!.GetValue<string>());
        using var wide = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);
        using var narrow = Checkpoint.Load(folder.Path, type, CPU);
        Assert.Equal(type, narrow.Type);
        foreach (var (name, parameter) in model.Parameters.Tensors)
        {
            var allowed = parameter.abs() * relativeError + 1e-7 * Math.Sign(relativeError);   // nothing at all for F32
            Assert.True(((wide.Parameters[name] - parameter).abs() <= allowed).all().ToBoolean(), name);
            Assert.True(narrow.Parameters[name].to(ScalarType.Float32).equal(wide.Parameters[name]).all().ToBoolean(), name);
        }
    }

    [Fact]
    public void Save_SameModelTwice_WritesTheSameBytes()
    {
        using var folder = TestFiles.NewFolder();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        Checkpoint.Save(model, folder.File("a"));
        Checkpoint.Save(model, folder.File("b"));
        Assert.All([ConfigFile.FileName, Checkpoint.WeightsFileName], file =>
            Assert.Equal(File.ReadAllBytes(folder.File("a", file)), File.ReadAllBytes(folder.File("b", file))));
    }

    [Theory]
    [InlineData(true, 20)]    // V, two Q and two targets of four tensors each
    [InlineData(false, 12)]
    public void Save_IlqlHeads_LieBesideTheModelUnderTrlxsNames(bool twoQs, int tensors)
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        model.Add(IlqlHeads.Create(32, 128, twoQs, seed: 4, ScalarType.Float32, CPU));

        Checkpoint.Save(model, folder.Path);

        using var again = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);
        var heads = again.Head<IlqlHeads>()!;
        Assert.Equal(twoQs ? 2 : 1, heads.Q.Count);
        Assert.Equal(tensors, heads.Parameters.Names.Count());
        Assert.All(model.Head<IlqlHeads>()!.Parameters.Tensors, pair =>
            Assert.True(pair.Value.bytes.SequenceEqual(heads.Parameters[pair.Key].bytes), pair.Key));
        if (twoQs)
        {
            using var trlx = SafetensorsReader.Open(Path.Combine(TestFiles.Fixtures, "models", "ilql_gpt2", IlqlHeads.HeadsFileName));
            Assert.Equal(trlx.Entries.Keys.Order(), heads.Parameters.Names.Order());
        }
    }

    [Fact]
    public void LoadInto_SavedModel_RestoresValuesInPlace()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        model.Add(IlqlHeads.Create(32, 128, twoQs: true, seed: 4, ScalarType.Float32, CPU));
        Checkpoint.Save(model, folder.Path);
        var before = model.AllParameters.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone());
        using (no_grad())
        {
            foreach (var (_, parameter) in model.AllParameters)
            {
                parameter.add_(1);
            }
        }

        Checkpoint.LoadInto(model, folder.Path);

        Assert.All(model.AllParameters, pair => Assert.True(pair.Value.equal(before[pair.Key]).all().ToBoolean(), pair.Key));
        Assert.True(model.Parameters["transformer.wte.weight"].requires_grad);
        Assert.False(model.Head<IlqlHeads>()!.Parameters["ilql_heads.target_q_heads.0.0.weight"].requires_grad);
    }

    [Fact]
    public void Save_BelowAFile_SaysSo()
    {
        using var folder = TestFiles.NewFolder();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        File.WriteAllText(folder.File("taken"), "");
        Assert.Throws<InputException>(() => Checkpoint.Save(model, folder.File("taken")));
    }

    [Fact]
    public void Write_TensorsOfSeveralTypes_AreAlignedAndReadBack()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["z"] = tensor(new[] { true, false, true }),
            ["half"] = tensor(new[] { 1.5f, -2 }).to(ScalarType.Float16),
            ["scalar"] = tensor(2.5f),
            ["ids"] = tensor(new long[] { -1, long.MaxValue }),
            ["turned"] = arange(6, dtype: ScalarType.Float64).view(2, 3).t(),   // not contiguous
            ["ü \"quoted\""] = tensor(new[] { 1f }),
        };

        SafetensorsWriter.Write(folder.File("x"), tensors);

        using var reader = SafetensorsReader.Open(folder.File("x"));
        Assert.Equal(tensors.Keys.Order(), reader.Entries.Keys.Order());
        Assert.All(reader.Entries.Values, entry => Assert.Equal(0, entry.Offset % tensors[entry.Name].ElementSize));
        Assert.All(tensors, pair => Assert.True(reader.Read(pair.Key).equal(pair.Value).all().ToBoolean(), pair.Key));
        Assert.Equal([3, 2], reader.Entries["turned"].Shape);
    }

    private static JsonObject Header(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return (JsonObject)JsonNode.Parse(bytes.AsSpan(8, (int)BitConverter.ToInt64(bytes)))!;
    }
}
