using System.Text.Json.Nodes;
using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Adapters;

[NoTensorLeak]
public sealed class LoraTests
{
    private static readonly int[][] Rows = [[1, 2, 3, 4, 5], [6, 7], [8, 9, 10]];

    [Theory]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    [InlineData("llama")]
    [InlineData("qwen2")]
    public void Attach_NewAdapter_ChangesNothingAndMergedOneComputesTheSame(string fixture)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ModelFixture.Named(fixture).LoadModel();
        var before = model.Logits(model.HiddenStates(Rows));
        var adapter = Adapter(model, new LoraOptions { Rank = 3, Alpha = 5 });

        model.Attach(adapter);
        Close(before, model.Logits(model.HiddenStates(Rows)), 1e-6);
        Randomize(adapter);
        var adapted = model.Logits(model.HiddenStates(Rows));
        Assert.True((adapted - before).abs().max().ToSingle() > 0.01);
        adapter.IsEnabled = false;
        Close(before, model.Logits(model.HiddenStates(Rows)), 1e-6);
        adapter.IsEnabled = true;
        AdapterMerging.Merge(model);

        Assert.Null(model.Adapter);
        Close(adapted, model.Logits(model.HiddenStates(Rows)), 1e-4);
    }

    [Theory]
    [InlineData("llama", "lm_head")]
    [InlineData("gpt_neox", "embed_out")]
    public void Attach_OnTheOutputLayer_AddsItsProductEverywhereAndSurvivesFilesAndMerging(string fixture, string layer)
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named(fixture).LoadModel();
        var adapter = Adapter(model, new LoraOptions { Rank = 3, Alpha = 5, Targets = [layer] }, fixture);
        model.Attach(adapter);
        using (no_grad())
        {
            Randomize(adapter);
        }
        var hidden = model.HiddenStates(Rows).detach();
        var (a, b) = (adapter.Parameters[$"{layer}.lora_A.weight"], adapter.Parameters[$"{layer}.lora_B.weight"]);
        var expected = hidden.matmul((model.OutputWeight + b.matmul(a) * (5 / 3.0)).t());

        Assert.Equal([layer], adapter.Layers);
        Close(expected, model.Logits(hidden), 1e-4);
        var (features, weight) = model.OutputFactors(hidden);
        Close(expected, features.matmul(weight.t()), 1e-4);

        expected.square().sum().backward();
        var gradients = new[] { a, b }.Select(tensor => tensor.grad!.clone()).ToList();
        a.grad!.zero_();
        b.grad!.zero_();
        (features, weight) = model.OutputFactors(hidden);
        features.matmul(weight.t()).square().sum().backward();
        Assert.All(gradients.Zip([a, b]), pair => Assert.True(allclose(pair.First, pair.Second.grad!, 1e-3, 1e-3)));
        Assert.Null(model.OutputWeight.grad);

        Checkpoint.Save(model, folder.Path);
        using var again = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);
        Close(expected, again.Logits(hidden), 1e-4);
        AdapterMerging.Merge(model);
        Close(expected, model.Logits(hidden), 1e-4);
    }

    [Fact]
    public void Create_OutputLayerThatIsTheInputEmbedding_IsNoLayer()
    {
        using var model = ModelFixture.Named("gpt2").LoadModel();

        var error = Assert.Throws<InputException>(() => Adapter(model, new LoraOptions { Targets = ["lm_head"] }, "gpt2"));

        Assert.Contains("tie_word_embeddings", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 4 / 16.0)]
    [InlineData(true, 4 / 4.0)]   // √16
    public void Merge_EitherScale_AddsThatMultipleOfTheProduct(bool isStabilized, double scale)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ModelFixture.Named("llama").LoadModel();
        var adapter = Adapter(model, new LoraOptions { Rank = 16, Alpha = 4, RankStabilized = isStabilized, Targets = ["q_proj"] });
        model.Attach(adapter);
        Randomize(adapter);
        const string Layer = "model.layers.0.self_attn.q_proj";
        var before = model.Parameters[$"{Layer}.weight"].clone();
        var product = adapter.Parameters[$"{Layer}.lora_B.weight"].matmul(adapter.Parameters[$"{Layer}.lora_A.weight"]);

        AdapterMerging.Merge(model);

        Close(before + scale * product, model.Parameters[$"{Layer}.weight"], 1e-5);
    }

    [Theory]
    [InlineData("gpt2", "c_attn", "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight", 32L, 96L)]
    [InlineData("llama", "k_proj", "base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight", 32L, 16L)]
    public void Save_Adapter_HasPeftsNamesShapesAndKeys(string fixture, string target, string name, long inputs, long outputs)
    {
        using var folder = TestFiles.NewFolder();
        using var model = ModelFixture.Named(fixture).LoadModel();
        model.Attach(Adapter(model, new LoraOptions { Rank = 2, Alpha = 6, Dropout = 0.1, Targets = [target] }));

        Checkpoint.Save(model, folder.Path);

        Assert.Equal(["adapter_config.json", "adapter_model.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        using var reader = SafetensorsReader.Open(folder.File("adapter_model.safetensors"));
        Assert.Equal(2 * model.Config.LayerCount, reader.Entries.Count);
        Assert.Equal([2, inputs], reader.Entries[name].Shape);
        Assert.Equal([outputs, 2], reader.Entries[name.Replace("lora_A", "lora_B", StringComparison.Ordinal)].Shape);
        var json = SavedFolder.ReadJson(folder.File("adapter_config.json"));
        Assert.Equal(("LORA", "CAUSAL_LM", 2, 6.0, 0.1, "none", fixture == "gpt2"), (
            (string)json["peft_type"]!, (string)json["task_type"]!, (int)json["r"]!, (double)json["lora_alpha"]!, (double)json["lora_dropout"]!, (string)json["bias"]!, (bool)json["fan_in_fan_out"]!));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Load_SavedAdapter_ComputesTheSame(string fixture)
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ModelFixture.Named(fixture).LoadModel();
        var adapter = Adapter(model, new LoraOptions { Rank = 2, ModulesToSave = [fixture == "gpt2" ? "ln_f" : "norm"] }, fixture);
        model.Attach(adapter);
        Randomize(adapter);
        foreach (var name in adapter.SavedNames)
        {
            model.Parameters[name].mul_(1.5);
        }
        Checkpoint.Save(model, folder.Path);

        using var again = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);

        Close(model.Logits(model.HiddenStates(Rows)), again.Logits(again.HiddenStates(Rows)), 1e-6);
        Assert.Equal(fixture == "gpt2" ? 2 : 1, again.Adapter!.SavedNames.Count);
    }

    [Fact]
    public void Load_RewardModelsAdapter_BringsItsScores()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var baseModel = ModelFixture.Named("llama").Folder;
        using var model = Checkpoint.StartClassifier(baseModel, labelCount: 2, seed: 3, ScalarType.Float32, CPU);
        var adapter = LoraAdapter.Create(model.Config, new LoraOptions { Rank = 2 }, isClassifier: true, baseModel, seed: 1, ScalarType.Float32, CPU);
        model.Attach(adapter);
        Randomize(adapter);
        Checkpoint.Save(model, folder.Path);

        using var again = Checkpoint.LoadClassifier(folder.Path, ScalarType.Float32, CPU);

        Assert.True(Checkpoint.IsClassifier(folder.Path));
        Assert.Equal(["score.weight"], again.Adapter!.SavedNames);
        Close(model.Scores(Rows), again.Scores(Rows), 1e-6);
        using var reader = SafetensorsReader.Open(folder.File("adapter_model.safetensors"));
        Assert.Equal([2, 32], reader.Entries["base_model.model.score.weight"].Shape);
    }

    [Fact]
    public void Load_DebertasAdapter_ComputesTheSame()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ModelFixture.Named("deberta_v3").LoadClassifier();
        var adapter = LoraAdapter.Create(model.Config, new LoraOptions { Targets = ["query_proj", "value_proj"] }, isClassifier: true, ModelFixture.Named("deberta_v3").Folder, seed: 1, ScalarType.Float32, CPU);
        model.Attach(adapter);
        Randomize(adapter);
        Checkpoint.Save(model, folder.Path);

        using var again = Checkpoint.LoadClassifier(folder.Path, ScalarType.Float32, CPU);

        Assert.Equal(4, again.Adapter!.Layers.Count);
        Assert.Equal(["pooler.dense.weight", "pooler.dense.bias", "classifier.weight", "classifier.bias"], again.Adapter.SavedNames);
        Close(model.Scores(Rows), again.Scores(Rows), 1e-6);
    }

    [Fact]
    public void Attach_Adapter_OnlyItsPartsTrain()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("llama").LoadModel();
        var adapter = Adapter(model, new LoraOptions { Targets = ["q_proj"], ModulesToSave = ["lm_head"] });

        model.Attach(adapter);
        model.Logits(model.HiddenStates(Rows)).square().sum().backward();

        var trained = model.AllParameters.Where(pair => pair.Value.requires_grad).Select(pair => pair.Key).ToList();
        Assert.Equal(1 + 2 * model.Config.LayerCount, trained.Count);
        Assert.All(trained, name => Assert.True(name == "lm_head.weight" || name.Contains(".q_proj.lora_", StringComparison.Ordinal)));
        model.Attach(null);
        Assert.All(model.Parameters.Tensors, pair => Assert.True(pair.Value.requires_grad));
        adapter.Dispose();
    }

    [Fact]
    public void Drop_InAStep_IsTheSameForTheSameSeedAndStepAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ModelFixture.Named("llama").LoadModel();
        using var adapter = Adapter(model, new LoraOptions { Dropout = 0.25 });
        var x = ones(200, 50);
        Tensor Drop(long seed, int step)
        {
            adapter.BeginStep(seed, step);
            return adapter.Drop(x);
        }

        var (first, again, other) = (Drop(1, 1), Drop(1, 1), Drop(1, 2));
        adapter.EndStep();

        Assert.True(first.equal(again).all().ToBoolean());
        Assert.False(first.equal(other).all().ToBoolean());
        Assert.Equal(1, first.mean().ToDouble(), 0.05);
        Assert.Equal(0.25, first.equal(0).to(ScalarType.Float32).mean().ToDouble(), 0.03);
        Assert.True(adapter.Drop(x).equal(x).all().ToBoolean());
    }

    [Theory]
    [InlineData("q_prj", "targets: the model has no layer 'q_prj'. Did you mean 'q_proj'? Allowed: down_proj, gate_proj, k_proj,")]
    [InlineData("proj", "targets: the model has no layer 'proj'.")]
    public void Create_UnknownTarget_IsNamed(string target, string message)
    {
        using var model = ModelFixture.Named("llama").LoadModel();
        Assert.StartsWith($"lora.{message}", Assert.Throws<InputException>(() => Adapter(model, new LoraOptions { Targets = [target] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peft_type", "\"IA3\"", "'peft_type' is 'IA3', which is not implemented; only LORA is.")]
    [InlineData("use_dora", "true", "'use_dora' is true, which is not implemented; only false is.")]
    [InlineData("bias", "\"all\"", "'bias' is \"all\", which is not implemented; only \"none\" is.")]
    [InlineData("target_modules", "\".*_proj\"", "'target_modules' is the pattern '.*_proj', which is not implemented; give a list of names, or all-linear.")]
    [InlineData("target_modules", "[]", "'target_modules' is missing or empty.")]
    [InlineData("r", "3", "'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight' of shape [3, 32]: it belongs to another model.")]
    [InlineData("base_model_name_or_path", "\"/gone\"", "'base_model_name_or_path' is '/gone', where no checkpoint lies.")]
    public void Load_DamagedAdapter_IsNamed(string key, string value, string message)
    {
        using var folder = TestFiles.NewFolder();
        using (var model = ModelFixture.Named("llama").LoadModel())
        {
            model.Attach(Adapter(model, new LoraOptions { Rank = 2, Targets = ["q_proj"] }));
            Checkpoint.Save(model, folder.Path);
        }
        var json = SavedFolder.ReadJson(folder.File("adapter_config.json"));
        json[key] = JsonNode.Parse(value);
        File.WriteAllText(folder.File("adapter_config.json"), json.ToJsonString());

        Assert.Contains(message, Assert.ThrowsAny<InputException>(() => Checkpoint.Load(folder.Path, ScalarType.Float32, CPU)).Message, StringComparison.Ordinal);
    }

    private static LoraAdapter Adapter(LanguageModel model, LoraOptions options, string fixture = "llama") =>
        LoraAdapter.Create(model.Config, options, isClassifier: false, ModelFixture.Named(fixture).Folder, seed: 1, ScalarType.Float32, CPU);

    private static void Randomize(LoraAdapter adapter)
    {
        foreach (var (name, tensor) in adapter.Parameters.Tensors.Where(pair => pair.Key.Contains("lora_B", StringComparison.Ordinal)))
        {
            var random = new NamedRandom(5, name);
            tensor.copy_(torch.tensor(Enumerable.Range(0, (int)tensor.numel()).Select(_ => (float)random.NextGaussian() * 0.3f).ToArray()).view(tensor.shape));
        }
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance) => Assert.InRange((expected - actual).abs().max().ToDouble(), 0, tolerance);
}
