using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>Reads and writes models as Hugging Face directories: <c>config.json</c>, <c>model.safetensors</c>, and a file per head.</summary>
public static class Checkpoint
{
    /// <summary>The weights' file.</summary>
    public const string WeightsFileName = "model.safetensors";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Reads a model with the heads that lie beside it.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">Where the parameters shall live.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InputException">Something is missing, cut short, of the wrong shape or not implemented.</exception>
    public static LanguageModel Load(string directory, ScalarType type, Device device)
    {
        var config = ArchitectureRegistry.Read(ConfigFile.Read(directory));
        var model = new LanguageModel(config, LoadBackbone(directory, config, type, device));
        try
        {
            if (File.Exists(Path.Combine(directory, IlqlHeads.HeadsFileName)))
            {
                model.Add(LoadIlqlHeads(directory, config, type, device));
            }
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Reads weights into a model that exists: same configuration, same heads, whatever they were before.</summary>
    /// <param name="model">The model; its parameters keep their type, device and place in memory.</param>
    /// <param name="directory">A checkpoint that <see cref="Save"/> wrote for this model.</param>
    /// <exception cref="InputException">A file or a tensor is missing, or has another shape.</exception>
    public static void LoadInto(LanguageModel model, string directory)
    {
        CopyInto(model.Parameters, Path.Combine(directory, WeightsFileName));
        foreach (var head in model.Heads)
        {
            CopyInto(head.Parameters, Path.Combine(directory, head.FileName));
        }
    }

    /// <summary>Writes a model with its heads. The folder is complete when this returns; each file is whole or absent at any moment.</summary>
    /// <param name="model">The model.</param>
    /// <param name="directory">The folder; made if it does not exist.</param>
    /// <param name="type">The element type to store; null keeps that of the parameters.</param>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static void Save(LanguageModel model, string directory, ScalarType? type = null)
    {
        SafeDirectory.Create(directory);
        foreach (var head in model.Heads)
        {
            SafetensorsWriter.Write(Path.Combine(directory, head.FileName), head.Parameters.Tensors, type);
        }
        SafetensorsWriter.Write(Path.Combine(directory, WeightsFileName), model.Parameters.Tensors, type);
        var json = (JsonObject)model.Config.File.Json.DeepClone();
        json["torch_dtype"] = (type ?? model.Type) switch { ScalarType.BFloat16 => "bfloat16", ScalarType.Float16 => "float16", _ => "float32" };
        AtomicFile.WriteAllText(Path.Combine(directory, ConfigFile.FileName), json.ToJsonString(Indented) + "\n");
    }

    private static void CopyInto(ParameterSet parameters, string path)
    {
        using var reader = SafetensorsReader.Open(path);
        foreach (var (name, parameter) in parameters.Tensors)
        {
            if (!reader.Entries.TryGetValue(name, out var entry) || !entry.Shape.SequenceEqual(parameter.shape))
            {
                throw new InputException($"'{path}' has no '{name}' of shape [{string.Join(", ", parameter.shape)}]: it belongs to another model.");
            }
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            parameter.copy_(reader.Read(name));
        }
    }

    private static ParameterSet LoadBackbone(string directory, ModelConfig config, ScalarType type, Device device)
    {
        var path = Path.Combine(directory, WeightsFileName);
        if (!File.Exists(path))
        {
            throw new InputException(File.Exists(Path.Combine(directory, "pytorch_model.bin"))
                ? $"'{directory}' has weights as pytorch_model.bin only, which can run code when it is read. "
                    + $"Convert it to {WeightsFileName} with Hugging Face's save_pretrained."
                : $"'{directory}' has no {WeightsFileName}.");
        }
        return Read(path, config.Parameters(), config.StoredNames, config.IsBuffer, type, device);
    }

    private static IlqlHeads LoadIlqlHeads(string directory, ModelConfig config, ScalarType type, Device device)
    {
        var path = Path.Combine(directory, IlqlHeads.HeadsFileName);
        bool twoQs;
        using (var reader = SafetensorsReader.Open(path))
        {
            twoQs = reader.Entries.ContainsKey("ilql_heads.q_heads.1.0.weight");
        }
        return new IlqlHeads(Read(path, IlqlHeads.Specs(config.HiddenSize, config.VocabularySize, twoQs), name => [name], _ => false, type, device));
    }

    // Everything is checked before the first tensor is read.
    private static ParameterSet Read(
        string path, IReadOnlyList<ParameterSpec> specs, Func<string, IEnumerable<string>> storedNames, Func<string, bool> isBuffer,
        ScalarType type, Device device)
    {
        using var reader = SafetensorsReader.Open(path);
        var found = specs.Select(spec => (Spec: spec, Entry: Find(reader, storedNames(spec.Name)))).ToList();
        if (found.Where(row => row.Entry is null).Select(row => $"'{row.Spec.Name}'").ToList() is { Count: > 0 } missing)
        {
            var more = missing.Count > 5 ? $" and {missing.Count - 5} more" : string.Empty;
            throw new InputException($"'{path}' lacks {string.Join(", ", missing.Take(5))}{more}, "
                + $"which {ConfigFile.FileName} calls for. The two files belong to different models.");
        }
        if (found.FirstOrDefault(row => !row.Entry!.Shape.SequenceEqual(row.Spec.Shape)) is { Entry: { } wrong, Spec: { } wanted })
        {
            throw new InputException($"'{path}': '{wrong.Name}' is [{string.Join(", ", wrong.Shape)}]; {ConfigFile.FileName} calls for "
                + $"[{string.Join(", ", wanted.Shape)}]. The two files belong to different models.");
        }
        if (UnexpectedInBlocks(reader, specs, storedNames).FirstOrDefault(name => !isBuffer(name)) is { } extra)
        {
            throw new InputException($"'{path}' holds '{extra}', which {ConfigFile.FileName} does not call for: "
                + "the model has a part that is not implemented.");
        }
        var parameters = new ParameterSet();
        foreach (var (spec, entry) in found)
        {
            using var scope = NewDisposeScope();
            parameters.Add(spec.Name, reader.Read(entry!.Name).to(type).to(device));
        }
        return parameters;
    }

    // Weights inside the blocks that nothing reads would change the result. Elsewhere they are other people's heads.
    private static IEnumerable<string> UnexpectedInBlocks(
        SafetensorsReader reader, IReadOnlyList<ParameterSpec> specs, Func<string, IEnumerable<string>> storedNames)
    {
        var known = specs.SelectMany(spec => storedNames(spec.Name)).ToHashSet();
        var blocks = specs.Where(spec => spec.Layer is not null)
            .SelectMany(spec => storedNames(spec.Name).Select(name => BlockPrefix(name, spec.Layer!.Value)))
            .ToHashSet();
        return reader.Entries.Keys.Where(name => !known.Contains(name) && blocks.Any(block => name.StartsWith(block, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
    }

    // "model.layers.3.mlp.up_proj.weight" → "model.layers.3."
    private static string BlockPrefix(string name, int layer)
    {
        var number = $".{layer}.";
        return name[..(name.IndexOf(number, StringComparison.Ordinal) + number.Length)];
    }

    private static SafetensorsEntry? Find(SafetensorsReader reader, IEnumerable<string> names) =>
        names.Select(name => reader.Entries.GetValueOrDefault(name)).FirstOrDefault(entry => entry is not null);
}
