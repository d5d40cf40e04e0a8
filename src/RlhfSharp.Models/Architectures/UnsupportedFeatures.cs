using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>Refuses configurations whose computation differs from what is built, whatever the family.</summary>
/// <remarks>Families check the features they know themselves; these are keys by which other code changes the computation.</remarks>
internal static class UnsupportedFeatures
{
    // Key and the values that mean "off"; a missing key or null is off as well.
    private static readonly (string Key, string[] Off)[] Features =
    [
        ("quantization_config", []),
        ("add_cross_attention", ["false"]),
        ("is_encoder_decoder", ["false"]),
        ("alibi", ["false"]),
        ("attn_logit_softcapping", []),
        ("final_logit_softcapping", []),
        ("position_embedding_type", ["\"absolute\""]),
        ("use_qk_norm", ["false"]),
        ("pruned_heads", ["{}"]),
    ];

    public static void Refuse(ConfigFile file)
    {
        foreach (var (key, off) in Features)
        {
            if (file.Json[key] is JsonNode value && !off.Contains(value.ToJsonString()))
            {
                throw file.Unsupported(key, $"is {Shorten(value.ToJsonString())}, which is not implemented{(off.Length > 0 ? $"; only {string.Join(" or ", off)} is" : string.Empty)}");
            }
        }
    }

    private static string Shorten(string json) => json.Length <= 60 ? json : json[..57] + "...";
}
