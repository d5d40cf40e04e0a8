using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

[NoTensorLeak]
public sealed class CheckpointLoadTests
{
    [Fact]
    public void Load_NamesOfTheHub_GiveTheSameModel()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        using var hub = ModelFixture.Named("gpt2_hubnames").LoadModel();   // has attn.bias buffers and no prefix

        Assert.Equal(model.Parameters.Names, hub.Parameters.Names);
        Assert.All(model.Parameters.Tensors, pair => Assert.True(pair.Value.bytes.SequenceEqual(hub.Parameters[pair.Key].bytes), pair.Key));
    }

    [Fact]   // in no dispose scope, which would take what was forgotten
    public void StartClassifier_Disposed_LeavesNoTensor()
    {
        var before = Tensor.TotalCount;

        Checkpoint.StartClassifier(ModelFixture.Named("llama").Folder, labelCount: 2, seed: 1, ScalarType.Float32, CPU).Dispose();

        Assert.True(Tensor.TotalCount <= before, $"{Tensor.TotalCount - before} tensors are left");
    }

    [Fact]
    public void Load_NoFolder_SaysWhatOneHolds() =>
        AssertError("nowhere/at-all", "The checkpoint 'nowhere/at-all' does not exist. Name a folder with config.json and model.safetensors. To fetch it from the Hugging Face Hub: rlhf download nowhere/at-all");

    [Fact]
    public void Load_FolderWithoutConfig_IsNoCheckpoint()
    {
        using var folder = TestFiles.NewFolder();
        AssertError(folder.Path, $"'{folder.Path}' is no checkpoint: it has no config.json.");
    }

    [Fact]
    public void Load_NoWeights_IsNamed()
    {
        using var folder = SavedFolder.Copy("gpt2");
        File.Delete(folder.File(Checkpoint.WeightsFileName));
        AssertError(folder.Path, $"'{folder.Path}' has no model.safetensors and no model.safetensors.index.json.");
    }

    [Fact]
    public void Load_PickledWeightsOnly_AreRefused()
    {
        using var folder = SavedFolder.Copy("gpt2");
        File.Move(folder.File(Checkpoint.WeightsFileName), folder.File("pytorch_model.bin"));
        AssertError(
            folder.Path,
            $"'{folder.Path}' has weights as pytorch_model.bin only, which can run code when it is read. "
            + "Convert it to model.safetensors with Hugging Face's save_pretrained.");
    }

    [Fact]
    public void Load_MissingWeights_AreListed()
    {
        using var folder = SavedFolder.Copy("llama");
        folder.EditWeights((name, tensor) => name.Contains("layers.1.mlp", StringComparison.Ordinal) || name == "model.norm.weight" ? null : tensor);
        AssertError(
            folder.Path,
            $"'{folder.File(Checkpoint.WeightsFileName)}' lacks 'model.layers.1.mlp.gate_proj.weight', 'model.layers.1.mlp.up_proj.weight', "
            + "'model.layers.1.mlp.down_proj.weight', 'model.norm.weight', which config.json calls for. The two files belong to different models.");
    }

    [Fact]
    public void Load_ManyMissingWeights_AreCounted()
    {
        using var folder = SavedFolder.Copy("gpt2");
        folder.EditWeights((name, tensor) => name.Contains(".h.1.", StringComparison.Ordinal) ? null : tensor);   // 12 weights
        Assert.Contains(" and 7 more, which config.json calls for.", Load(folder.Path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongShape_NamesBothShapes()
    {
        using var folder = SavedFolder.Copy("llama");
        folder.EditWeights((name, tensor) => name == "model.layers.0.mlp.up_proj.weight" ? tensor.narrow(0, 0, 87) : tensor);
        AssertError(
            folder.Path,
            $"'{folder.File(Checkpoint.WeightsFileName)}': 'model.layers.0.mlp.up_proj.weight' is [87, 32]; "
            + "config.json calls for [88, 32]. The two files belong to different models.");
    }

    [Theory]   // in a block, in a block beyond those that the configuration counts, and of a layer that is read
    [InlineData("llama", "model.layers.1.self_attn.q_norm.weight")]
    [InlineData("llama", "model.layers.7.self_attn.q_proj.weight")]
    [InlineData("gpt2", "transformer.h.12.ln_1.weight")]
    [InlineData("llama", "lm_head.bias")]
    [InlineData("gpt2", "transformer.ln_f.scale")]
    public void Load_UnknownWeightOfWhatIsRead_IsAPartThatIsNotImplemented(string fixture, string name)
    {
        using var folder = SavedFolder.Copy(fixture);
        folder.EditWeights((_, tensor) => tensor, name);
        AssertError(folder.Path, $"'{folder.File(Checkpoint.WeightsFileName)}' holds '{name}', which config.json does not call for: the model has a part that is not implemented.");
    }

    [Fact]
    public void LoadClassifier_ScoresWithABias_AreRefused()
    {
        using var folder = SavedFolder.Copy("ultrarm");
        folder.EditWeights((_, tensor) => tensor, "regression_head.bias");
        var error = Assert.Throws<InputException>(() => Checkpoint.LoadClassifier(folder.Path, ScalarType.Float32, CPU).Dispose());
        Assert.Contains("holds 'regression_head.bias'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama", "model.layers.0.self_attn.rotary_emb.inv_freq")]   // computed here
    [InlineData("gpt2", "transformer.h.1.attn.bias")]                       // a causal mask
    [InlineData("gpt2", "transformer.h.1.attn.masked_bias")]
    [InlineData("gpt2", "v_head.0.weight")]                                 // somebody's head
    [InlineData("gpt2", "lm_head.weight")]                                  // tied: the embedding once more
    public void Load_HarmlessExtraTensor_IsIgnored(string fixture, string name)
    {
        using var folder = SavedFolder.Copy(fixture);
        folder.EditWeights((_, tensor) => tensor, name);
        using var model = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);
        Assert.DoesNotContain(name, model.Parameters.Names);
    }

    [Fact]
    public void Load_BrokenHeads_LeavesNothingBehind()
    {
        using var folder = SavedFolder.Copy("gpt2");
        File.WriteAllBytes(folder.File(IlqlHeads.HeadsFileName), SafetensorsBytes.Small);
        Assert.StartsWith($"'{folder.File(IlqlHeads.HeadsFileName)}' lacks 'ilql_heads.v_head.0.weight'", Load(folder.Path).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void LoadInto_OtherModel_IsRefused()
    {
        using var folder = SavedFolder.Copy("gpt2");
        using var model = ModelFixture.Named("llama").LoadModel();
        var exception = Assert.Throws<InputException>(() => Checkpoint.LoadInto(model, folder.Path));
        Assert.Equal(
            $"'{folder.File(Checkpoint.WeightsFileName)}' has no 'model.embed_tokens.weight' of shape [128, 32]: it belongs to another model.",
            exception.Message);
    }

    private static InputException Load(string directory) =>
        Assert.ThrowsAny<InputException>(() => Checkpoint.Load(directory, ScalarType.Float32, CPU));

    private static void AssertError(string directory, string message) => Assert.Equal(message, Load(directory).Message);
}
