using System.Reflection;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>What <c>run.json</c> says of an experiment when it begins.</summary>
public static class RunFacts
{
    /// <summary>The kind of runs of <c>rlhf train</c> and <c>rlhf compare</c>.</summary>
    public const string Train = "train";

    /// <summary>The kind of runs of <c>rlhf iterate</c>.</summary>
    public const string Iterate = "iterate";

    /// <summary>The kind of runs of <c>rlhf map</c>.</summary>
    public const string Map = "map";

    /// <summary>The kind of runs of <c>rlhf sweep</c>.</summary>
    public const string Sweep = "sweep";

    /// <summary>Tells which command made a run.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <returns>One of the kinds; <see cref="Train"/> also where no run says it, so that the error of opening it as one names what is missing.</returns>
    public static string KindOf(string directory)
    {
        try
        {
            return (string?)JsonNode.Parse(File.ReadAllText(ExperimentFolder.FactsIn(directory)))?["kind"] ?? Train;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return Train;
        }
    }

    /// <summary>Collects it.</summary>
    internal static JsonObject Create(
        string name, RecipeSource source, string command, IReadOnlyList<string> overrides, IReadOnlyList<long> seeds, Device device, int threads, TimeProvider time) => new()
        {
            ["name"] = name,
            ["kind"] = command,
            ["status"] = "running",
            ["recipe"] = source.Name,
            ["command"] = source.Command ?? $"rlhf {command} {source.Name}{string.Concat(overrides.Select(setting => $" --set '{setting}'"))}",
            ["set"] = new JsonArray([.. overrides.Select(setting => JsonValue.Create(setting))]),
            ["seeds"] = new JsonArray([.. seeds.Select(seed => JsonValue.Create(seed))]),
            ["device"] = device.ToString(),
            ["threads"] = threads > 0 ? threads : Environment.ProcessorCount,
            ["versions"] = Versions(),
            ["started"] = time.GetUtcNow().ToString("O"),
            ["seconds"] = 0.0,
        };

    private static JsonObject Versions() => new()
    {
        ["rlhf"] = typeof(RunFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0],
        ["dotnet"] = Environment.Version.ToString(),
        ["torchsharp"] = typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3),
    };
}
