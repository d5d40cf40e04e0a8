using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Hub;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>A model's <c>config.json</c>: typed access whose errors name the file and the key.</summary>
public sealed class ConfigFile
{
    /// <summary>The file's name in a checkpoint.</summary>
    public const string FileName = "config.json";

    private readonly string _path;

    /// <summary>Initializes a configuration that is in memory already.</summary>
    /// <param name="json">The keys and values.</param>
    /// <param name="path">What to call it in errors.</param>
    public ConfigFile(JsonObject json, string path) => (Json, _path) = (json, path);

    /// <summary>Gets all keys and values, those that nothing here reads included.</summary>
    public JsonObject Json { get; }

    /// <summary>Reads the configuration of a checkpoint.</summary>
    /// <param name="directory">The checkpoint's folder.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="InputException">The folder or the file is missing, or the file is no JSON object.</exception>
    public static ConfigFile Read(string directory) => Read(directory, FileName);

    /// <summary>Reads another file of keys and values in a checkpoint.</summary>
    internal static ConfigFile Read(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        if (!Directory.Exists(directory))
        {
            var hint = HubModelId.TryParse(directory, out var id) ? $" To fetch it from the Hugging Face Hub: rlhf download {id}" : string.Empty;
            throw new InputException($"The checkpoint '{directory}' does not exist. Name a folder with {FileName} and model.safetensors.{hint}");
        }
        if (!File.Exists(path))
        {
            throw new InputException($"'{directory}' is no checkpoint: it has no {name}.");
        }
        return new ConfigFile(JsonFile.ReadObject(path), path);
    }

    /// <summary>Gets a whole number that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A number from 1 up.</returns>
    public int PositiveInteger(string key) => PositiveInteger(key, null) ?? throw Error(key, "is missing");

    /// <summary>Gets a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds when the key is missing or null.</param>
    /// <returns>A number from 1 up, or the fallback.</returns>
    public int? PositiveInteger(string key, int? fallback)
    {
        if (Value(key) is not { } value)
        {
            return fallback;
        }
        return value.TryGetValue<int>(out var number) && number > 0
            ? number
            : throw Error(key, $"is {value.ToJsonString()}, expected a whole number from 1 up");
    }

    /// <summary>Gets a number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds when the key is missing or null.</param>
    /// <returns>A finite number.</returns>
    public double Number(string key, double fallback)
    {
        if (Value(key) is not { } value)
        {
            return fallback;
        }
        // By its text: a whole number that was put in memory is no double to the library.
        return value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Error(key, $"is {value.ToJsonString()}, expected a number");
    }

    /// <summary>Gets a whole number of either sign.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds when the key is missing or null.</param>
    /// <returns>The number.</returns>
    public int WholeNumber(string key, int fallback)
    {
        if (Value(key) is not { } value)
        {
            return fallback;
        }
        return value.TryGetValue<int>(out var number) ? number : throw Error(key, $"is {value.ToJsonString()}, expected a whole number");
    }

    /// <summary>Gets a truth value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds when the key is missing or null.</param>
    /// <returns>The value.</returns>
    public bool Flag(string key, bool fallback)
    {
        if (Value(key) is not { } value)
        {
            return fallback;
        }
        return value.TryGetValue<bool>(out var flag) ? flag : throw Error(key, $"is {value.ToJsonString()}, expected true or false");
    }

    /// <summary>Gets a text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds when the key is missing or null.</param>
    /// <returns>The text.</returns>
    public string Text(string key, string fallback)
    {
        if (Value(key) is not { } value)
        {
            return fallback;
        }
        return value.TryGetValue<string>(out var text) ? text : throw Error(key, $"is {value.ToJsonString()}, expected a text");
    }

    /// <summary>Gets token ids given as one number or a list of them.</summary>
    /// <param name="key">For instance <c>eos_token_id</c>.</param>
    /// <returns>The ids; none when the key is missing or null.</returns>
    public IReadOnlyList<int> TokenIds(string key)
    {
        var nodes = Json[key] switch { null => [], JsonArray array => array.ToArray(), var single => [single] };
        return [.. nodes.Select(Id)];

        int Id(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var id) && id >= 0
            ? id
            : throw Error(key, "holds something that is no token id");
    }

    /// <summary>Makes a configuration with other keys and values that errors call the same.</summary>
    internal ConfigFile With(JsonObject json) => new(json, _path);

    /// <summary>Opens an object inside the configuration; errors name the file and the object.</summary>
    internal ConfigFile Section(string key, JsonObject section) => new(section, $"{_path}, {key}");

    /// <summary>Makes an error that names the file and the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="problem">What is wrong with it, for instance <c>is missing</c>.</param>
    /// <returns>The error, to be thrown.</returns>
    public InputException Error(string key, string problem) => new($"'{_path}': '{key}' {problem}.");

    /// <summary>Makes an error about a feature that is not implemented.</summary>
    /// <param name="key">The key.</param>
    /// <param name="problem">What it asks for and what is implemented.</param>
    /// <returns>The error, to be thrown.</returns>
    public UnsupportedModelException Unsupported(string key, string problem) => new($"'{_path}': '{key}' {problem}.");

    private JsonValue? Value(string key) => Json[key] switch
    {
        null => null,
        JsonValue value => value,
        _ => throw Error(key, "is an object or a list, expected a single value"),
    };
}
