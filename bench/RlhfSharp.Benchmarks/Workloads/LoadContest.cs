using System.Text.Json.Nodes;
using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Reads a sharded checkpoint. The plain rendering reads every tensor as it is stored and converts it then.</summary>
internal sealed class LoadContest : IContest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfsharp-load-").FullName;
    private readonly ModelConfig _config;

    /// <summary>Writes a checkpoint in F32 of a Llama shape; it is read as BF16.</summary>
    /// <param name="hidden">The width.</param>
    /// <param name="layers">The number of blocks.</param>
    /// <param name="shardBytes">The size of a shard.</param>
    public LoadContest(int hidden, int layers, long shardBytes)
    {
        var json = new JsonObject
        {
            ["model_type"] = "llama",
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["vocab_size"] = 16_384,
            ["hidden_size"] = hidden,
            ["intermediate_size"] = 3 * hidden,
            ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = 16,
            ["num_key_value_heads"] = 16,
        };
        _config = ArchitectureRegistry.Read(new ConfigFile(json, "the benchmark's model"));
        using var parameters = new ParameterSet();
        foreach (var spec in _config.Parameters())
        {
            using var scope = NewDisposeScope();
            parameters.Add(spec.Name, rand(spec.Shape));
        }
        using var model = new LanguageModel(_config, parameters);
        Checkpoint.Save(model, _folder, shardBytes: shardBytes);
    }

    /// <summary>Gets the bytes of the weights once they are read.</summary>
    public long Bytes => 2 * _config.Parameters().Sum(spec => spec.Count);

    public long Tokens => 0;

    public double UsefulFlops => 0;

    public void Verify()
    {
        using var ours = Checkpoint.Load(_folder, ScalarType.BFloat16, CPU);
        using var plain = Plain();
        foreach (var (name, tensor) in ours.Parameters.Tensors)
        {
            using var scope = NewDisposeScope();
            if (tensor.equal(plain[name]).all().item<bool>() is false)
            {
                throw new InvalidOperationException($"'{name}' was not read as it was written.");
            }
        }
    }

    public void RunOurs() => Checkpoint.Load(_folder, ScalarType.BFloat16, CPU).Dispose();

    public void RunPlain() => Plain().Dispose();

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ParameterSet Plain()
    {
        var stored = new ParameterSet();
        foreach (var path in Directory.GetFiles(_folder, "*.safetensors"))
        {
            using var reader = SafetensorsReader.Open(path);
            foreach (var name in reader.Entries.Keys)
            {
                using var scope = NewDisposeScope();
                stored.Add(name, reader.Read(name));
            }
        }
        var converted = new ParameterSet();
        foreach (var (name, tensor) in stored.Tensors)
        {
            using var scope = NewDisposeScope();
            converted.Add(name, tensor.to(ScalarType.BFloat16));
        }
        stored.Dispose();
        return converted;
    }
}
