using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Adapters;
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

    /// <summary>Says which shard holds which tensor, where the weights are cut into several files.</summary>
    public const string IndexFileName = "model.safetensors.index.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Tells whether a folder holds a model or an adapter.</summary>
    /// <param name="directory">Any path.</param>
    /// <returns>Whether one of their configurations is there.</returns>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, ConfigFile.FileName)) || AdapterFiles.Exists(directory);

    /// <summary>Reads a model's configuration; an adapter has its base model's.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="InputException">It is missing, wrong or asks for something that is not implemented.</exception>
    public static ModelConfig ReadConfig(string directory) => ArchitectureRegistry.Read(ConfigFile.Read(WeightsFolder(directory)));

    /// <summary>Tells whether a checkpoint is a classifier, or an adapter for one.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <returns>Whether <see cref="LoadClassifier"/> loads it, and not <see cref="Load"/>.</returns>
    /// <exception cref="InputException">The configuration is missing, wrong or asks for something that is not implemented.</exception>
    public static bool IsClassifier(string directory) => AdapterFiles.Exists(directory) ? AdapterFiles.IsForClassifier(directory) : ReadConfig(directory).IsClassifier;

    /// <summary>Reads a model with the heads that lie beside it; of an adapter, the model it belongs to with the adapter on it.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">Where the parameters shall live.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InputException">Something is missing, cut short, of the wrong shape or not implemented.</exception>
    public static LanguageModel Load(string directory, ScalarType type, Device device)
    {
        var (folder, config) = (WeightsFolder(directory), ReadConfig(directory));
        if (config.Task == ModelTask.SequenceClassification)
        {
            throw config.File.Error("architectures", $"is '{ModelClass.Of(config.File)}', a classifier; here a language model is needed (…ForCausalLM, …LMHeadModel)");
        }
        var model = new LanguageModel(config, LoadWeights(folder, config, config.Parameters(), type, device));
        return Complete(model, directory, device, () =>
        {
            if (File.Exists(Path.Combine(directory, IlqlHeads.HeadsFileName)))
            {
                model.Add(LoadIlqlHeads(directory, config, type, device));
            }
            if (File.Exists(Path.Combine(directory, ValueHead.HeadFileName)))
            {
                using var files = WeightFiles.OpenFile(Path.Combine(directory, ValueHead.HeadFileName));
                model.Add(new ValueHead(Read(files, ValueHead.Specs(config.HiddenSize), name => [name], _ => false, type, device)));
            }
        });
    }

    /// <summary>Reads a classifier, for instance a reward model; of an adapter, the model it belongs to with the adapter on it.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">Where the parameters shall live.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="InputException">Something is missing, cut short, of the wrong shape or not implemented.</exception>
    public static SequenceClassifier LoadClassifier(string directory, ScalarType type, Device device)
    {
        var (folder, config) = (WeightsFolder(directory), ReadConfig(directory));
        if (AdapterFiles.Exists(directory) && config.Task != ModelTask.SequenceClassification)
        {
            // The adapter brings the scores itself.
            var adapted = StartClassifier(folder, AdapterFiles.LabelCount(directory, config), seed: 0, type, device);
            return Complete(adapted, directory, device, () => { });
        }
        if (config.Task == ModelTask.LanguageModel)
        {
            throw config.File.Error("architectures", $"is '{ModelClass.Of(config.File)}', a language model; here a classifier is needed (…ForSequenceClassification, {ModelClass.UltraRm})");
        }
        return Complete(new SequenceClassifier(config, LoadWeights(folder, config, config.ClassifierParameters(), type, device)), directory, device, () => { });
    }

    /// <summary>Makes a classifier of a language model: its backbone, with new scores on it.</summary>
    /// <param name="directory">A language model's checkpoint.</param>
    /// <param name="labelCount">How many scores; 1 for a reward model.</param>
    /// <param name="seed">Decides the new weights.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">Where the parameters shall live.</param>
    /// <returns>The classifier; saved, it is Hugging Face's <c>…ForSequenceClassification</c>.</returns>
    /// <exception cref="InputException">Something is missing, cut short, of the wrong shape or not implemented.</exception>
    public static SequenceClassifier StartClassifier(string directory, int labelCount, long seed, ScalarType type, Device device)
    {
        var config = ReadConfig(directory).AsClassifier(labelCount);
        var scores = config.ScoreLayer.Specs(config.HiddenSize, labelCount).ToList();
        var parameters = LoadWeights(directory, config, [.. config.ClassifierParameters().SkipLast(scores.Count)], type, device);
        using (var drawn = ParameterSet.Create(scores, seed, type, device))
        {
            foreach (var (name, tensor) in drawn.Tensors)
            {
                using var scope = NewDisposeScope();
                parameters.Add(name, tensor.detach().clone());
            }
        }
        return new SequenceClassifier(config, parameters);
    }

    /// <summary>Reads weights into a model that exists: same configuration, same heads, whatever they were before.</summary>
    /// <param name="model">The model; its parameters keep their type, device and place in memory.</param>
    /// <param name="directory">A checkpoint that <see cref="Save"/> wrote for this model.</param>
    /// <exception cref="InputException">A file or a tensor is missing, or has another shape.</exception>
    public static void LoadInto(TransformerModel model, string directory)
    {
        if (model.Adapter is { } adapter)
        {
            AdapterFiles.LoadInto(model, adapter, directory);
        }
        else
        {
            using var files = WeightFiles.Open(directory);
            CopyInto(model.Parameters, files);
        }
        foreach (var head in model.Heads)
        {
            using var files = WeightFiles.OpenFile(Path.Combine(directory, head.FileName));
            CopyInto(head.Parameters, files);
        }
    }

    /// <summary>Writes a model with its heads; of a model with an adapter, the adapter alone. The folder is complete when this returns; each file is whole or absent at any moment.</summary>
    /// <param name="model">The model.</param>
    /// <param name="directory">The folder; made if it does not exist.</param>
    /// <param name="type">The element type to store; null keeps that of the parameters.</param>
    /// <param name="shardBytes">The most bytes of weights in a file: larger models are cut into shards with an index. Null means one file.</param>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static void Save(TransformerModel model, string directory, ScalarType? type = null, long? shardBytes = null)
    {
        SafeDirectory.Create(directory);
        foreach (var head in model.Heads)
        {
            SafetensorsWriter.Write(Path.Combine(directory, head.FileName), head.Parameters.Tensors, type);
        }
        if (model.Adapter is { } adapter)
        {
            AdapterFiles.Save(model, adapter, directory, type);
            return;
        }
        WeightFiles.Save(directory, model.Parameters.Tensors, type, shardBytes);
        var json = (JsonObject)model.Config.File.Json.DeepClone();
        json["architectures"] ??= new JsonArray(ModelClass.Of(model));   // or nobody could tell a reward model from a language model
        json["torch_dtype"] = (type ?? model.Type) switch { ScalarType.BFloat16 => "bfloat16", ScalarType.Float16 => "float16", _ => "float32" };
        AtomicFile.WriteAllText(Path.Combine(directory, ConfigFile.FileName), json.ToJsonString(Indented) + "\n");
    }

    private static string WeightsFolder(string directory) => AdapterFiles.Exists(directory) ? AdapterFiles.BaseOf(directory) : directory;

    // Everything that lies beside the weights; what fails takes the model with it.
    private static TModel Complete<TModel>(TModel model, string directory, Device device, Action loadHeads)
        where TModel : TransformerModel
    {
        try
        {
            if (AdapterFiles.Exists(directory))
            {
                AdapterFiles.Load(model, directory, device);
            }
            loadHeads();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void CopyInto(ParameterSet parameters, WeightFiles files)
    {
        foreach (var (name, parameter) in parameters.Tensors)
        {
            if (files.Find(name) is not { } entry || !entry.Shape.SequenceEqual(parameter.shape))
            {
                throw new InputException($"'{files.Path}' has no '{name}' of shape [{string.Join(", ", parameter.shape)}]: it belongs to another model.");
            }
            files.ReadInto(name, parameter);
        }
    }

    private static ParameterSet LoadWeights(string directory, ModelConfig config, IReadOnlyList<ParameterSpec> specs, ScalarType type, Device device)
    {
        using var files = WeightFiles.Open(directory);
        return Read(files, specs, config.StoredNames, config.IsBuffer, type, device);
    }

    private static IlqlHeads LoadIlqlHeads(string directory, ModelConfig config, ScalarType type, Device device)
    {
        using var files = WeightFiles.OpenFile(Path.Combine(directory, IlqlHeads.HeadsFileName));
        var twoQs = files.Find("ilql_heads.q_heads.1.0.weight") is not null;
        return new IlqlHeads(Read(files, IlqlHeads.Specs(config.HiddenSize, config.VocabularySize, twoQs), name => [name], _ => false, type, device));
    }

    // Everything is checked before the first tensor is read.
    private static ParameterSet Read(
        WeightFiles files, IReadOnlyList<ParameterSpec> specs, Func<string, IEnumerable<string>> storedNames, Func<string, bool> isBuffer,
        ScalarType type, Device device)
    {
        var path = files.Path;
        var found = specs.Select(spec => (Spec: spec, Entry: Find(files, storedNames(spec.Name)))).ToList();
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
        if (Unexpected(files, specs, storedNames).FirstOrDefault(name => !isBuffer(name)) is { } extra)
        {
            throw new InputException($"'{path}' holds '{extra}', which {ConfigFile.FileName} does not call for: "
                + "the model has a part that is not implemented.");
        }
        var parameters = new ParameterSet();
        foreach (var (spec, entry) in found)
        {
            using var scope = NewDisposeScope();
            parameters.Add(spec.Name, files.Read(entry!.Name, type, device));
        }
        return parameters;
    }

    // Weights that nothing reads inside the blocks, or of a layer that is read (a bias of the scores), would change the result. Elsewhere they are other people's heads.
    private static IEnumerable<string> Unexpected(
        WeightFiles files, IReadOnlyList<ParameterSpec> specs, Func<string, IEnumerable<string>> storedNames)
    {
        var known = specs.SelectMany(spec => storedNames(spec.Name)).ToHashSet();
        // Whatever its number: a block that the configuration does not count is one too.
        var blocks = specs.Where(spec => spec.Layer is not null)
            .SelectMany(spec => storedNames(spec.Name).Select(name => BlocksPrefix(name, spec.Layer!.Value)))
            .ToHashSet();
        var layers = known.Select(Layer).ToHashSet();
        return files.Names.Where(name => !known.Contains(name) && (layers.Contains(Layer(name)) || blocks.Any(block => IsInBlock(name, block))))
            .Order(StringComparer.Ordinal);
    }

    // "model.layers.3.mlp.up_proj.weight" → "model.layers."
    private static string BlocksPrefix(string name, int layer) => name[..(name.IndexOf($".{layer}.", StringComparison.Ordinal) + 1)];

    private static bool IsInBlock(string name, string blocks)
    {
        if (!name.StartsWith(blocks, StringComparison.Ordinal))
        {
            return false;
        }
        var end = name.IndexOf('.', blocks.Length);
        return end >= 0 && int.TryParse(name.AsSpan(blocks.Length, end - blocks.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    // "score.bias" → "score"
    private static string Layer(string name) => name[..Math.Max(0, name.LastIndexOf('.'))];

    private static SafetensorsEntry? Find(WeightFiles files, IEnumerable<string> names) =>
        names.Select(files.Find).FirstOrDefault(entry => entry is not null);
}
