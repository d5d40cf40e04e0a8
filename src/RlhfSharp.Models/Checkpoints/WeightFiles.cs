using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>The weights of a checkpoint: one safetensors file, or several shards and an index that says which tensor lies where.</summary>
internal sealed partial class WeightFiles : IDisposable
{
    private const string WeightMap = "weight_map";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<SafetensorsReader> _readers;
    private readonly Dictionary<string, (SafetensorsReader Reader, SafetensorsEntry Entry)> _tensors;

    private WeightFiles(string path, List<SafetensorsReader> readers, Dictionary<string, (SafetensorsReader, SafetensorsEntry)> tensors) =>
        (Path, _readers, _tensors) = (path, readers, tensors);

    /// <summary>Gets the file to name in errors: the only one, or the index.</summary>
    public string Path { get; }

    /// <summary>Gets the names of all tensors.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Opens a checkpoint's weights and checks every header.</summary>
    /// <exception cref="InputException">There are none, only ones that can run code, or a file is not what it should be.</exception>
    public static WeightFiles Open(string directory)
    {
        var whole = System.IO.Path.Combine(directory, Checkpoint.WeightsFileName);
        var index = System.IO.Path.Combine(directory, Checkpoint.IndexFileName);
        if (File.Exists(whole))
        {
            return OpenFile(whole);
        }
        if (File.Exists(index))
        {
            return OpenShards(directory, index);
        }
        throw new InputException(Directory.EnumerateFiles(directory, "pytorch_model*.bin").Any()
            ? $"'{directory}' has weights as pytorch_model.bin only, which can run code when it is read. "
                + $"Convert it to {Checkpoint.WeightsFileName} with Hugging Face's save_pretrained."
            : $"'{directory}' has no {Checkpoint.WeightsFileName} and no {Checkpoint.IndexFileName}.");
    }

    /// <summary>Opens a single file.</summary>
    /// <exception cref="InputException">It is missing or not what it should be.</exception>
    public static WeightFiles OpenFile(string path)
    {
        var reader = SafetensorsReader.Open(path);
        return new WeightFiles(path, [reader], reader.Entries.ToDictionary(entry => entry.Key, entry => (reader, entry.Value)));
    }

    /// <summary>Writes weights: one file, or shards where they would exceed a size.</summary>
    /// <param name="directory">An existing folder; weights that lie there are replaced.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="type">The floating-point type to store; null keeps each tensor's own.</param>
    /// <param name="shardBytes">The most bytes of tensors in a file; a tensor that is larger has one to itself. Null means one file.</param>
    public static void Save(string directory, IEnumerable<KeyValuePair<string, Tensor>> tensors, ScalarType? type, long? shardBytes)
    {
        var shards = Cut(tensors, type, shardBytes ?? long.MaxValue);
        var names = shards.Count == 1
            ? [Checkpoint.WeightsFileName]
            : Enumerable.Range(1, shards.Count).Select(number => $"model-{number:D5}-of-{shards.Count:D5}.safetensors").ToArray();
        foreach (var (name, shard) in names.Zip(shards))
        {
            SafetensorsWriter.Write(System.IO.Path.Combine(directory, name), shard.Select(row => row.Tensor), type);
        }
        if (shards.Count > 1)
        {
            var map = names.Zip(shards).SelectMany(pair => pair.Second.Select(row => (row.Tensor.Key, pair.First))).OrderBy(pair => pair.Key, StringComparer.Ordinal);
            var json = new JsonObject
            {
                ["metadata"] = new JsonObject { ["total_size"] = shards.Sum(shard => shard.Sum(row => row.Bytes)) },
                [WeightMap] = new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.First))),
            };
            AtomicFile.WriteAllText(System.IO.Path.Combine(directory, Checkpoint.IndexFileName), json.ToJsonString(Indented) + "\n");
        }
        RemoveOthers(directory, names);
    }

    /// <summary>Looks a tensor up.</summary>
    /// <returns>What the header says of it; null when it is not there.</returns>
    public SafetensorsEntry? Find(string name) => _tensors.TryGetValue(name, out var found) ? found.Entry : null;

    /// <summary>Reads a tensor that is there, straight into the type and onto the device where it is wanted.</summary>
    /// <returns>A new tensor, owned by the caller's dispose scope.</returns>
    public Tensor Read(string name, ScalarType type, Device device) => _tensors[name].Reader.Read(name, type, device);

    /// <summary>Reads a tensor that is there into another of its shape.</summary>
    public void ReadInto(string name, Tensor target) => _tensors[name].Reader.ReadInto(name, target);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }
    }

    private static WeightFiles OpenShards(string directory, string index)
    {
        var places = ReadIndex(index);
        var (readers, tensors) = (new List<SafetensorsReader>(), new Dictionary<string, (SafetensorsReader, SafetensorsEntry)>());
        try
        {
            foreach (var shard in places.GroupBy(place => place.Value).OrderBy(shard => shard.Key, StringComparer.Ordinal))
            {
                var path = System.IO.Path.Combine(directory, shard.Key);
                if (!File.Exists(path))
                {
                    throw new InputException($"'{index}' names the shard '{shard.Key}', which is not there.");
                }
                var reader = SafetensorsReader.Open(path);
                readers.Add(reader);
                foreach (var (name, _) in shard)
                {
                    tensors[name] = (reader, reader.Entries.GetValueOrDefault(name)
                        ?? throw new InputException($"'{path}' lacks '{name}', which '{Checkpoint.IndexFileName}' says is there."));
                }
            }
            return new WeightFiles(index, readers, tensors);
        }
        catch
        {
            readers.ForEach(reader => reader.Dispose());
            throw;
        }
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        var map = JsonFile.ReadObject(path)[WeightMap] as JsonObject ?? throw new InputException($"'{path}' has no '{WeightMap}' of names and files.");
        return map.ToDictionary(entry => entry.Key, entry => ShardName(path, entry.Key, entry.Value), StringComparer.Ordinal);
    }

    // A file of the same folder: an index is untrusted input and must not point elsewhere.
    private static string ShardName(string path, string tensor, JsonNode? value)
    {
        var name = value is JsonValue text && text.TryGetValue<string>(out var read) ? read : string.Empty;
        return name.EndsWith(".safetensors", StringComparison.Ordinal) && name.AsSpan().IndexOfAny('/', '\\') < 0
            ? name
            : throw new InputException($"'{path}': '{tensor}' lies in '{value?.ToJsonString() ?? "null"}', expected the name of a .safetensors file beside the index.");
    }

    private static List<List<(KeyValuePair<string, Tensor> Tensor, long Bytes)>> Cut(IEnumerable<KeyValuePair<string, Tensor>> tensors, ScalarType? type, long largest)
    {
        var shards = new List<List<(KeyValuePair<string, Tensor>, long Bytes)>> { new() };
        foreach (var tensor in tensors)
        {
            var stored = type is { } wanted && tensor.Value.is_floating_point() ? wanted : tensor.Value.dtype;
            var bytes = tensor.Value.numel() * SafetensorsTypes.Of(stored).Size;
            if (shards[^1].Count > 0 && shards[^1].Sum(row => row.Bytes) + bytes > largest)
            {
                shards.Add([]);
            }
            shards[^1].Add((tensor, bytes));
        }
        return shards;
    }

    // Weights of an earlier save, cut otherwise, would be read instead of these or lie there for nothing.
    private static void RemoveOthers(string directory, IReadOnlyCollection<string> written)
    {
        var index = written.Count > 1 ? Checkpoint.IndexFileName : null;
        foreach (var path in Directory.EnumerateFiles(directory, "model*.safetensors*"))
        {
            var name = System.IO.Path.GetFileName(path);
            var isOurs = name is Checkpoint.WeightsFileName or Checkpoint.IndexFileName || ShardPattern().IsMatch(name);
            if (isOurs && name != index && !written.Contains(name))
            {
                File.Delete(path);
            }
        }
    }

    // Other people's files may be called model-something too.
    [GeneratedRegex(@"\Amodel-\d{5}-of-\d{5}\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex ShardPattern();
}
