using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>One set of settings of a sweep.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Settings">A value for each key, written as behind <c>--set</c>.</param>
/// <param name="Recipe">The recipe with these settings; null where they do not go together.</param>
/// <param name="Problem">Why there is no recipe; null where there is one.</param>
public sealed record SweepTrial(int Index, IReadOnlyList<KeyValuePair<string, string>> Settings, TrainingRecipe? Recipe, string? Problem)
{
    /// <summary>Gets its name, which is that of its folder.</summary>
    public string Name => $"trial-{Index:D3}";

    /// <summary>Writes its settings as JSON: a value for each key.</summary>
    /// <returns>A new object.</returns>
    public JsonObject SettingsJson() => new(Settings.Select(setting =>
        KeyValuePair.Create(setting.Key, JsonNodes.FromNode(YamlReader.ReadValue(setting.Value, Origin.OnCommandLine(setting.Key), new RecipeErrors())!))));

    /// <summary>Gets its settings in words, keys without their sections.</summary>
    internal string SettingsText => string.Join(", ", Settings.Select(setting => $"{ShortKey(setting.Key, Settings.Select(other => other.Key))} {setting.Value}"));

    /// <summary>Names a setting without its section, unless another has the same name without its own.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="all">The keys of all settings.</param>
    internal static string ShortKey(string key, IEnumerable<string> all) => all.Count(other => Last(other) == Last(key)) > 1 ? key : Last(key);

    private static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];
}
