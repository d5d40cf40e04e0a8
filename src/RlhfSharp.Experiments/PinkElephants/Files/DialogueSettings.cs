using System.Text.Json;
using System.Text.Json.Serialization;
using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>How a folder of dialogues comes to be: the content of <c>settings.json</c>, with which it can be gone on with.</summary>
public sealed record DialogueSettings
{
    /// <summary>The file's name.</summary>
    public const string FileName = "settings.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Gets the seed.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>Gets the language model that writes.</summary>
    /// <value>Null, the default, for the built-in world, which needs none.</value>
    public EndpointOptions? Endpoint { get; init; }

    /// <summary>Gets how much the language model writes.</summary>
    /// <value>Null, the default, for the built-in set, which has one size.</value>
    public PrincipleOptions? Principles { get; init; }

    /// <summary>Reads the settings of a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="InputException">The file is broken.</exception>
    internal static DialogueSettings Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize<DialogueSettings>(File.ReadAllText(path), Format) ?? throw new JsonException("it is null.");
        }
        catch (JsonException exception)
        {
            throw new InputException($"'{path}' is not valid: {exception.Message} Start anew with --overwrite.", exception);
        }
    }

    /// <summary>Replaces the settings of a folder.</summary>
    /// <param name="directory">The folder.</param>
    internal void Write(string directory) => AtomicFile.WriteAllText(Path.Combine(directory, FileName), $"{JsonSerializer.Serialize(this, Format)}\n");
}
