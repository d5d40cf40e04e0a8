using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Adapters;

/// <summary>Reads and writes adapters in PEFT's format: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
internal static class AdapterFiles
{
    public const string ConfigName = "adapter_config.json";
    public const string WeightsName = "adapter_model.safetensors";

    private const string Prefix = "base_model.model.";
    private const string OwnKeys = "rlhf_";   // what this project remembers in config.json; an adapter has no other place for it

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // What changes the computation and is not built, with the values that mean "off".
    private static readonly (string Key, string[] Off)[] Features =
    [
        ("bias", ["\"none\""]), ("use_dora", ["false"]), ("rank_pattern", ["{}"]), ("alpha_pattern", ["{}"]), ("layers_to_transform", []),
        ("lora_bias", ["false"]), ("trainable_token_indices", []), ("target_parameters", []),
    ];

    /// <summary>Tells whether a folder holds an adapter.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, ConfigName));

    /// <summary>Tells whether an adapter is for a classifier.</summary>
    public static bool IsForClassifier(string directory) => Read(directory).Text("task_type", string.Empty) == "SEQ_CLS";

    /// <summary>Counts the scores that an adapter for a classifier brings.</summary>
    /// <exception cref="InputException">It brings none.</exception>
    public static int LabelCount(string directory, ModelConfig config)
    {
        using var files = WeightFiles.OpenFile(Path.Combine(directory, WeightsName));
        var name = Prefix + config.ScoreLayer.Specs(config.HiddenSize, 1).Last(spec => spec.Shape.Length == 2).Name;
        return files.Find(name) is { Shape: [var labels and > 0 and < int.MaxValue, _] }
            ? (int)labels
            : throw new InputException($"'{files.Path}' has no '{name}': it is no adapter for a classifier.");
    }

    /// <summary>Finds the model that an adapter belongs to.</summary>
    /// <exception cref="InputException">The file is wrong, or the model is not where it says.</exception>
    public static string BaseOf(string directory)
    {
        var file = Read(directory);
        var name = file.Text("base_model_name_or_path", string.Empty);
        return new[] { name, Path.Combine(directory, name) }.FirstOrDefault(path => name.Length > 0 && File.Exists(Path.Combine(path, ConfigFile.FileName)))
            ?? throw file.Error("base_model_name_or_path", $"is '{name}', where no checkpoint lies. Write the folder of the model that the adapter was trained on");
    }

    /// <summary>Reads an adapter for a model and puts it on.</summary>
    /// <exception cref="InputException">The files are wrong, ask for what is not built, or belong to another model.</exception>
    public static void Load(TransformerModel model, string directory, Device device)
    {
        var file = Read(directory);
        var options = ReadOptions(file);
        CopyOwnKeys(file.Json, model.Config.File.Json);
        var adapter = LoraAdapter.Create(model.Config, options, model is SequenceClassifier, BaseOf(directory), seed: 0, ScalarType.Float32, device);
        try
        {
            LoadInto(model, adapter, directory);
            model.Attach(adapter);
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>Reads weights into an adapter that exists, and into the parts of the model that are saved with it.</summary>
    public static void LoadInto(TransformerModel model, LoraAdapter adapter, string directory)
    {
        using var files = WeightFiles.OpenFile(Path.Combine(directory, WeightsName));
        foreach (var (name, parameter) in Tensors(model, adapter))
        {
            if (files.Find(Prefix + name) is not { } entry || !entry.Shape.SequenceEqual(parameter.shape))
            {
                throw new InputException($"'{files.Path}' has no '{Prefix}{name}' of shape [{string.Join(", ", parameter.shape)}]: it belongs to another model.");
            }
            files.ReadInto(Prefix + name, parameter);
        }
        var known = Tensors(model, adapter).Select(pair => Prefix + pair.Key).ToHashSet();
        if (files.Names.FirstOrDefault(name => !known.Contains(name)) is { } extra)
        {
            throw new InputException($"'{files.Path}' holds '{extra}', which {ConfigName} does not call for.");
        }
    }

    /// <summary>Writes an adapter.</summary>
    public static void Save(TransformerModel model, LoraAdapter adapter, string directory, ScalarType? type)
    {
        SafetensorsWriter.Write(Path.Combine(directory, WeightsName), Tensors(model, adapter).Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value)), type);
        var options = adapter.Options;
        var json = new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = model is SequenceClassifier ? "SEQ_CLS" : "CAUSAL_LM",
            ["base_model_name_or_path"] = adapter.BaseModel,
            ["r"] = options.Rank,
            ["lora_alpha"] = options.Alpha,
            ["lora_dropout"] = options.Dropout,
            ["use_rslora"] = options.RankStabilized,
            ["target_modules"] = new JsonArray([.. adapter.Layers.Select(layer => JsonValue.Create(layer))]),
            ["modules_to_save"] = adapter.SavedNames.Count == 0 ? null
                : new JsonArray([.. adapter.SavedNames.Select(name => name[..name.LastIndexOf('.')]).Distinct().Select(name => JsonValue.Create(name))]),
            ["fan_in_fan_out"] = adapter.Layers.Any(model.Config.StoresTransposed),
            ["bias"] = "none",
            ["init_lora_weights"] = true,
            ["inference_mode"] = true,
        };
        CopyOwnKeys(model.Config.File.Json, json);
        AtomicFile.WriteAllText(Path.Combine(directory, ConfigName), json.ToJsonString(Indented) + "\n");
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(TransformerModel model, LoraAdapter adapter) =>
        adapter.Parameters.Tensors.Concat(adapter.SavedNames.Select(name => KeyValuePair.Create(name, model.Parameters[name])));

    private static void CopyOwnKeys(JsonObject from, JsonObject to)
    {
        foreach (var (key, value) in from.Where(entry => entry.Key.StartsWith(OwnKeys, StringComparison.Ordinal)).ToList())
        {
            to[key] = value?.DeepClone();
        }
    }

    private static ConfigFile Read(string directory) => ConfigFile.Read(directory, ConfigName);

    private static LoraOptions ReadOptions(ConfigFile file)
    {
        if (file.Text("peft_type", string.Empty) is var type && type != "LORA")
        {
            throw file.Unsupported("peft_type", $"is '{type}', which is not implemented; only LORA is");
        }
        foreach (var (key, off) in Features)
        {
            if (file.Json[key] is JsonNode value && !off.Contains(value.ToJsonString()))
            {
                throw file.Unsupported(key, $"is {value.ToJsonString()}, which is not implemented{(off.Length > 0 ? $"; only {off[0]} is" : string.Empty)}");
            }
        }
        return new LoraOptions
        {
            Rank = file.PositiveInteger("r", 8)!.Value,
            Alpha = file.Number("lora_alpha", 8),
            Dropout = file.Number("lora_dropout", 0),
            RankStabilized = file.Flag("use_rslora", false),
            Targets = Names(file, "target_modules") is { Count: > 0 } targets ? targets : throw file.Error("target_modules", "is missing or empty"),
            ModulesToSave = Names(file, "modules_to_save"),
        };
    }

    private static IReadOnlyList<string> Names(ConfigFile file, string key) => file.Json[key] switch
    {
        null => [],
        JsonArray list when list.All(item => item is JsonValue value && value.TryGetValue<string>(out _)) => [.. list.Select(item => (string)item!)],
        JsonValue single when single.TryGetValue<string>(out var text) && text == LoraOptions.AllLinear => [text],
        JsonValue single when single.TryGetValue<string>(out var text) => throw file.Unsupported(key, $"is the pattern '{text}', which is not implemented; give a list of names, or {LoraOptions.AllLinear}"),
        _ => throw file.Error(key, "is no list of names"),
    };
}
