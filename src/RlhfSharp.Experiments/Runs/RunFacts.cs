using System.Reflection;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>What <c>run.json</c> says of an experiment when it begins.</summary>
internal static class RunFacts
{
    /// <summary>Collects it.</summary>
    public static JsonObject Create(
        string name, RecipeSource source, string command, IReadOnlyList<string> overrides, IReadOnlyList<long> seeds, Device device, int threads, TimeProvider time) => new()
        {
            ["name"] = name,
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
