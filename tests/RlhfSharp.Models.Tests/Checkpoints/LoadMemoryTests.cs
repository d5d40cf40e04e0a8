using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

public sealed class LoadMemoryTests
{
    private const long Managed = 10 << 20;   // what the runtime itself may take meanwhile; a second copy would be 74 MB

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Load_ShardsOf64Megabytes_TakesLittleMoreThanTheWeights(ScalarType type)
    {
        Assert.SkipUnless(ProcessMemory.IsKnown, "needs /proc/self/status");
        using var folder = TestFiles.NewFolder();
        var config = Write(folder.Path);
        Checkpoint.Load(folder.Path, type, CPU).Dispose();   // compiled, and the files are in the system's cache
        LanguageModel? model = null;

        var peak = ProcessMemory.PeakOf(() => model = Checkpoint.Load(folder.Path, type, CPU));

        using (model)
        {
            Assert.InRange(peak, 0, config.Parameters().Sum(spec => spec.Count) * (type == ScalarType.Float32 ? 4 : 2) * 11 / 10 + Managed);
        }
    }

    private static ModelConfig Write(string folder)
    {
        var json = new JsonObject
        {
            ["model_type"] = "llama",
            ["vocab_size"] = 4096,
            ["hidden_size"] = 512,
            ["intermediate_size"] = 1536,
            ["num_hidden_layers"] = 4,
            ["num_attention_heads"] = 8,
        };
        var config = ArchitectureRegistry.Read(new ConfigFile(json, "here"));
        using var scope = NewDisposeScope();
        var parameters = new ParameterSet();
        foreach (var spec in config.Parameters())
        {
            parameters.Add(spec.Name, rand(spec.Shape));
        }
        using var model = new LanguageModel(config, parameters);
        Checkpoint.Save(model, folder, shardBytes: 16 << 20);
        Assert.True(Directory.GetFiles(folder, "*.safetensors").Length > 3);
        return config;
    }
}
