using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>How far back the layers of a Qwen model look: <c>layer_types</c> names it layer by layer; older configurations give the layers from
/// <c>max_window_layers</c> on a window if <c>use_sliding_window</c> is true.</summary>
internal sealed class QwenWindow
{
    private const int UsualWindow = 4096;
    private const int UsualFirstLayer = 28;

    private readonly int? _window;
    private readonly bool[] _hasWindow;

    public QwenWindow(ConfigFile file, int layers)
    {
        var isUsed = file.Flag("use_sliding_window", false);
        _window = isUsed ? file.PositiveInteger("sliding_window", file.Json.ContainsKey("sliding_window") ? null : UsualWindow) : null;
        var first = file.Number("max_window_layers", UsualFirstLayer);
        _hasWindow = file.Json["layer_types"] is JsonArray types
            ? [.. types.Select(type => IsSliding(file, type))]
            : [.. Enumerable.Range(0, layers).Select(layer => isUsed && layer >= first)];
        if (_hasWindow.Length != layers)
        {
            throw file.Error("layer_types", $"names {_hasWindow.Length} layers; there are {layers}");
        }
        if (_window is null && file.Json["layer_types"] is not null && _hasWindow.Contains(true))
        {
            throw file.Error("layer_types", "names sliding_attention, but use_sliding_window and sliding_window give no window");
        }
    }

    /// <summary>Says how many tokens a layer's attention looks back, the token itself included; null means all.</summary>
    public int? Of(int layer) => _hasWindow[layer] ? _window : null;

    private static bool IsSliding(ConfigFile file, JsonNode? type) => type?.ToString() switch
    {
        "full_attention" => false,
        "sliding_attention" => true,
        var other => throw file.Unsupported("layer_types", $"names '{other}', which is not implemented; allowed: full_attention, sliding_attention"),
    };
}
